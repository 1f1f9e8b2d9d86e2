/**
 * What must be true of records that were written while brokers failed.
 *
 * 1. Every acknowledgement names an offset, and the record at that offset is the one that was sent.
 * 2. An offset is acknowledged once, and so is a record.
 * 3. In a partition, acknowledged offsets rise in the order in which the records were sent.
 *    Of a producer that does not tell which record an acknowledgement is for, only that there is one at the offset; as it had one for each
 *    that it sent, all of those must be there.
 * 4. A reader gets each offset of a partition once, in rising order, and nothing that was not sent.
 * 5. From an idempotent producer there is one copy of each record, acknowledged or not. Another producer sends a record anew where it
 *    got no answer, though the first may have been appended: such a copy is no fault, wherever it stands, for the request that nobody
 *    waits for any more may be served late. But it is a copy of its own, at an offset of its own, and is acknowledged at one of them.
 */
export interface ReadRecord {
  readonly partition: number;
  readonly offset: number;
  readonly value: string;
}
export interface Acknowledgement {
  readonly partition: number;
  readonly offset: number;
  /** Null where the producer does not tell. */
  readonly value: string | null;
}

export interface Evidence {
  readonly idempotent: boolean;
  /** All values that a writer may have sent, in order; each is sent once by the application. */
  readonly sent: readonly string[];
  /** As they came. */
  readonly acknowledged: readonly Acknowledgement[];
  /** In the order in which a reader got them, partition by partition or mixed. */
  readonly read: readonly ReadRecord[];
}

export interface Verdict {
  /** Acknowledged, and not where it was acknowledged. */
  readonly lost: readonly Acknowledgement[];
  /** What else is wrong, each in a sentence. */
  readonly faults: readonly string[];
  /** Copies beyond the first of each value. */
  readonly copies: number;
}

export function judge({ idempotent, sent, acknowledged, read }: Evidence): Verdict {
  const faults: string[] = [];
  const orderOf = new Map(sent.map((value, index) => [value, index]));
  const place = ({ partition, offset }: Pick<Acknowledgement, 'partition' | 'offset'>) => `${partition}:${offset}`;

  const readAt = new Map<string, string>();
  const lastRead = new Map<number, number>();
  const copiesOf = new Map<string, number>();
  for (const record of read) {
    const last = lastRead.get(record.partition) ?? -1;
    if (record.offset <= last) faults.push(`offset ${record.offset} of partition ${record.partition} was read after ${last}`);
    lastRead.set(record.partition, record.offset);
    readAt.set(place(record), record.value);
    copiesOf.set(record.value, (copiesOf.get(record.value) ?? 0) + 1);
    if (!orderOf.has(record.value)) faults.push(`${place(record)} holds "${record.value}", which nobody sent`);
  }
  const copies = read.length - copiesOf.size;
  if (idempotent) for (const [value, count] of copiesOf) if (count > 1) faults.push(`"${value}" is there ${count} times`);

  const acknowledgedAt = new Map<string, string | null>();
  const acknowledgedValues = new Set<string>();
  for (const each of acknowledged) {
    const other = acknowledgedAt.get(place(each));
    if (other !== undefined) faults.push(`${place(each)} was acknowledged for "${other}" and for "${each.value}"`);
    acknowledgedAt.set(place(each), each.value);
    if (each.value === null) continue;
    if (acknowledgedValues.has(each.value)) faults.push(`"${each.value}" was acknowledged twice`);
    acknowledgedValues.add(each.value);
  }
  if (acknowledged.some(({ value }) => value === null)) {
    for (const value of sent) if (!copiesOf.has(value)) faults.push(`"${value}" is not there, and all were acknowledged`);
  }
  const known = acknowledged.filter((each): each is ReadRecord => each.value !== null);
  const inOrder = known.sort((a, b) => (orderOf.get(a.value) ?? -1) - (orderOf.get(b.value) ?? -1));
  const lastAcknowledged = new Map<number, ReadRecord>();
  for (const each of inOrder) {
    const before = lastAcknowledged.get(each.partition);
    if (before !== undefined && before.offset >= each.offset) {
      faults.push(`"${each.value}" was acknowledged at ${place(each)}, and "${before.value}", sent before it, at ${place(before)}`);
    }
    lastAcknowledged.set(each.partition, each);
  }
  const isLost = (each: Acknowledgement): boolean =>
    each.value === null ? !readAt.has(place(each)) : readAt.get(place(each)) !== each.value;
  return { lost: acknowledged.filter(isLost), faults, copies };
}
