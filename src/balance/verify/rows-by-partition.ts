import type { TopicPartition } from '../../model/topic-partition.js';

interface TopicRows<Row> {
  /** By rising partition. */
  readonly rows: Row[];
  isTaken: Uint8Array;
  /** Where the next row is if they are asked for in order. */
  next: number;
}

/** Rows by partition, each taken once; what is left over belongs to no partition. `what` names a row in `problems`. */
export function indexRows<Row extends TopicPartition>(what: string, rows: readonly Row[], problems: string[]) {
  const byTopic = new Map<string, TopicRows<Row>>();
  let last: string | undefined;
  let ofLast: TopicRows<Row> | undefined;
  /** The same topic is asked for again and again. */
  const rowsOf = (topic: string): TopicRows<Row> | undefined => {
    if (topic !== last) {
      last = topic;
      ofLast = byTopic.get(topic);
    }
    return ofLast;
  };
  for (const row of rows) {
    const ofTopic = rowsOf(row.topic);
    if (ofTopic !== undefined) {
      ofTopic.rows.push(row);
      continue;
    }
    ofLast = { rows: [row], isTaken: NONE, next: 0 };
    byTopic.set(row.topic, ofLast);
  }
  for (const ofTopic of byTopic.values()) {
    ofTopic.isTaken = new Uint8Array(ofTopic.rows.length);
    if (isRising(ofTopic.rows)) continue;
    ofTopic.rows.sort((a, b) => a.partition - b.partition);
    ofTopic.rows.forEach(({ topic, partition }, i, sorted) => {
      if (sorted[i + 1]?.partition === partition) problems.push(`${topic}-${partition} has more than one ${what}`);
    });
  }
  return {
    take: ({ topic, partition }: TopicPartition): Row | undefined => {
      const ofTopic = rowsOf(topic);
      if (ofTopic === undefined) return undefined;
      let at = ofTopic.next;
      if (ofTopic.rows[at]?.partition !== partition) at = firstFrom(ofTopic.rows, partition);
      const row = ofTopic.rows[at];
      if (row?.partition !== partition || ofTopic.isTaken[at] === 1) return undefined;
      ofTopic.isTaken[at] = 1;
      ofTopic.next = at + 1;
      return row;
    },
    rest: (): void => {
      for (const [topic, { rows: ofTopic, isTaken }] of byTopic) {
        ofTopic.forEach(({ partition }, i) => {
          if (isTaken[i] !== 1) problems.push(`${topic}-${partition} has a ${what} and is not in the cluster`);
        });
      }
    },
  };
}

const NONE = new Uint8Array(0);

/** Each partition once, in order, as plans mostly have them. */
function isRising(rows: readonly TopicPartition[]): boolean {
  for (let i = 1; i < rows.length; i++) if (rows[i]!.partition <= rows[i - 1]!.partition) return false;
  return true;
}

/** Where the first row of this partition or a later one is. */
function firstFrom(rows: readonly TopicPartition[], partition: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle]!.partition < partition) low = middle + 1;
    else high = middle;
  }
  return low;
}
