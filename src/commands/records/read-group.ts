import type { GroupRecord } from '../../data/group-reader.js';
import { failure } from '../../model/error-code.js';
import { messageOf } from '../../model/errors.js';
import type { KafkaFailure } from '../../model/outcome.js';
import type { StreamRun } from '../command.js';
import { partitionName } from '../partition-name.js';
import type { ConnectedPorts } from '../ports.js';
import { type GroupTopic, type ReadingEnd, readingEnds } from './reading-ends.js';
import type { RecordSink } from './record-sink.js';

export interface GroupReading extends GroupTopic {
  readonly follow: boolean;
  /** How long a partition may be without a leader, or its end not known, before it fails. */
  readonly patienceMs: number;
}

/** Between two questions for ends that are not known. */
const RETRY_MS = 100;

/**
 * Prints what a member of the group is given, up to the ends that there are when it is given partitions. What is printed is committed.
 * Partitions without a leader are left out and told of: whoever follows is given them once they have one again.
 */
export async function readGroup(
  { admin, connection, now, sleep }: ConnectedPorts,
  reading: GroupReading,
  sink: RecordSink,
  run: StreamRun,
): Promise<void> {
  const { readAsGroup } = await import('../../data/group-reader.js');
  const { topic, group, from, isolation, follow, patienceMs } = reading;
  const { signal } = run;
  /** The ends still to be reached; null until they are known, by when records may have come already. */
  let ends = null as Map<number, bigint> | null;
  const reached = new Map<number, bigint>();
  /** Which of the assignments is the present one. */
  let assignment = 0;
  /** Partitions of which it could not be learned where they end: they are not waited for. */
  const unknown = new Map<number, KafkaFailure>();
  /** Without an assignment between them. */
  let restarts = 0;
  /** Since when, in milliseconds since the epoch. */
  let leaderless: ReadonlyMap<number, number> = new Map();

  const take = async (partition: number, records: readonly GroupRecord[]) => {
    const before = sink.gathered();
    await sink.add(topic, partition, records);
    return sink.gathered() - before;
  };
  const onLeaderless = (found: readonly number[]): boolean => {
    const before = leaderless;
    leaderless = new Map(found.map((partition) => [partition, before.get(partition) ?? now()]));
    if (follow) {
      for (const partition of leaderless.keys())
        if (!before.has(partition)) run.note(`kafka-ts: ${nameOf(partition)}: cannot be read now (LEADER_NOT_AVAILABLE); trying again`);
      for (const partition of before.keys()) if (!leaderless.has(partition)) run.note(`kafka-ts: ${nameOf(partition)}: is read again`);
      return false;
    }
    const late = [...leaderless].filter(([partition, sinceMs]) => now() - sinceMs >= patienceMs && ends?.delete(partition));
    return late.length > 0 && ends?.size === 0;
  };
  const nameOf = (partition: number) => partitionName({ topic, partition });
  const onAssigned = async (partitions: readonly number[]): Promise<boolean> => {
    restarts = 0;
    if (follow) return false;
    const own = ++assignment;
    ends = null;
    unknown.clear();
    const told = new Map<number, ReadingEnd>();
    const sinceMs = now();
    let left = partitions.filter((partition) => !leaderless.has(partition));
    while (left.length > 0) {
      const found = await readingEnds(admin, reading, left, signal);
      // By now there may be another assignment.
      if (own !== assignment) return false;
      const isLate = now() - sinceMs >= patienceMs;
      left = left.filter((partition) => {
        const learned = found.get(partition)!;
        if (!('code' in learned)) told.set(partition, learned);
        else if (learned.retriable && !isLate) return true;
        else unknown.set(partition, learned);
        return false;
      });
      if (left.length > 0) await sleep(RETRY_MS, signal);
    }
    const open = [...told].filter(([partition, { next, end }]) => (reached.get(partition) ?? next) < end);
    ends = new Map(open.map(([partition, { end }]) => [partition, end]));
    return ends.size === 0;
  };
  await readAsGroup(connection, {
    topic,
    group,
    from,
    isolation,
    signal,
    take,
    onAssigned,
    onLeaderless,
    onProgress: (partition, next) => {
      reached.set(partition, next);
      const end = ends?.get(partition);
      if (end !== undefined && next >= end) ends?.delete(partition);
      return !follow && ends?.size === 0;
    },
    onRestart: (reason) => {
      // One is usual where a coordinator is new.
      if (++restarts !== 2) return;
      run.note(`kafka-ts: fell out of group ${group} (${messageOf(reason)}); joining again`);
    },
  });
  signal.throwIfAborted();
  if (follow) return;
  for (const partition of leaderless.keys()) run.fail(nameOf(partition), failure('LEADER_NOT_AVAILABLE'));
  for (const [partition, error] of unknown) if (!leaderless.has(partition)) run.fail(nameOf(partition), error);
}
