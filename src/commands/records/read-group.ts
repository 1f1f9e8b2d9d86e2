import type { GroupRecord } from '../../data/group-reader.js';
import { failure } from '../../model/error-code.js';
import { messageOf } from '../../model/errors.js';
import type { StreamRun } from '../command.js';
import { partitionName } from '../partition-name.js';
import type { ConnectedPorts } from '../ports.js';
import type { RecordSink } from './record-sink.js';

export interface GroupReading {
  readonly topic: string;
  readonly group: string;
  readonly from: 'earliest' | 'latest';
  readonly isolation: 'read_uncommitted' | 'read_committed';
  readonly follow: boolean;
  /** How long a partition may be without a leader before it fails. */
  readonly patienceMs: number;
}

/**
 * Prints what a member of the group is given, up to the ends that there are when it is given partitions. What is printed is committed.
 * Partitions without a leader are left out and told of: whoever follows is given them once they have one again.
 */
export async function readGroup(
  { admin, connection, now }: ConnectedPorts,
  { topic, group, from, isolation, follow, patienceMs }: GroupReading,
  sink: RecordSink,
  run: StreamRun,
): Promise<void> {
  const { readAsGroup } = await import('../../data/group-reader.js');
  const { signal } = run;
  /** The ends still to be reached; null until they are known, by when records may have come already. */
  let ends = null as Map<number, bigint> | null;
  const reached = new Map<number, bigint>();
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
    ends = null;
    const led = partitions.filter((partition) => !leaderless.has(partition));
    const keys = led.map((partition) => ({ topic, partition }));
    const [committed, bounds] = await Promise.all([
      admin.listGroupOffsets([{ group }], { signal }),
      admin.listOffsets(
        keys.flatMap((key) => [
          { ...key, at: 'start' as const },
          { ...key, at: 'end' as const },
        ]),
        { signal, isolation },
      ),
    ]);
    const offsets = committed.flatMap((row) => row.offsets ?? []).filter((row) => row.topic === topic);
    const boundOf = (partition: number, at: 'start' | 'end') =>
      bounds.find((row) => row.partition === partition && row.at === at)?.offset ?? null;
    const open = new Map<number, bigint>();
    for (const partition of led) {
      const end = boundOf(partition, 'end');
      const start = boundOf(partition, 'start');
      const next = offsets.find((row) => row.partition === partition)?.committedOffset ?? (from === 'earliest' ? start : end);
      // Of what is not known the end is waited for in vain; it is followed until Ctrl-C.
      const at = reached.get(partition) ?? next;
      if (end === null || at === null || at < end) open.set(partition, end ?? 2n ** 63n);
    }
    ends = open;
    return open.size === 0;
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
  if (!follow) for (const partition of leaderless.keys()) run.fail(nameOf(partition), failure('LEADER_NOT_AVAILABLE'));
}
