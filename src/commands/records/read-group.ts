import type { GroupRecord } from '../../data/group-reader.js';
import type { StreamRun } from '../command.js';
import type { ConnectedPorts } from '../ports.js';
import type { RecordSink } from './record-sink.js';

export interface GroupReading {
  readonly topic: string;
  readonly group: string;
  readonly from: 'earliest' | 'latest';
  readonly isolation: 'read_uncommitted' | 'read_committed';
  readonly follow: boolean;
}

/** Prints what a member of the group is given, up to the ends that there are when it is given partitions. What is printed is committed. */
export async function readGroup(
  { admin, connection }: ConnectedPorts,
  { topic, group, from, isolation, follow }: GroupReading,
  sink: RecordSink,
  run: StreamRun,
): Promise<void> {
  const { readAsGroup } = await import('../../data/group-reader.js');
  const { signal } = run;
  /** The ends still to be reached. */
  let ends = new Map<number, bigint>();
  /** Without an assignment between them. */
  let restarts = 0;

  const take = async (partition: number, records: readonly GroupRecord[]) => {
    const before = sink.gathered();
    await sink.add(topic, partition, records);
    return sink.gathered() - before;
  };
  const onAssigned = async (partitions: readonly number[]): Promise<boolean> => {
    restarts = 0;
    if (follow) return false;
    const keys = partitions.map((partition) => ({ topic, partition }));
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
    ends = new Map();
    for (const partition of partitions) {
      const end = boundOf(partition, 'end');
      const start = boundOf(partition, 'start');
      const next = offsets.find((row) => row.partition === partition)?.committedOffset ?? (from === 'earliest' ? start : end);
      // Of what is not known the end is waited for in vain; it is followed until Ctrl-C.
      if (end === null || next === null || next < end) ends.set(partition, end ?? 2n ** 63n);
    }
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
    onProgress: (partition, next) => {
      const end = ends.get(partition);
      if (end !== undefined && next >= end) ends.delete(partition);
      return !follow && ends.size === 0;
    },
    onRestart: (reason) => {
      // One is usual where a coordinator is new.
      if (++restarts !== 2) return;
      run.note(`kafka-ts: fell out of group ${group} (${reason instanceof Error ? reason.message : String(reason)}); joining again`);
    },
  });
  signal.throwIfAborted();
}
