import { UsageError } from '../../model/errors.js';
import type { KafkaFailure } from '../../model/outcome.js';
import { topicPartitionName } from '../../model/topic-partition.js';
import type { Run } from '../command.js';
import { whyNotEmpty } from '../groups/empty-groups.js';
import { selectCommittingGroups } from '../groups/selection.js';
import type { ClusterPorts } from '../ports.js';
import { shellWord } from '../shell-word.js';
import { offsetName, type PlannedReset, type ResetRow } from './offset-row.js';
import type { OffsetsUndoFile } from './offsets-file.js';
import { readPartitionLogs } from './partition-logs.js';

/**
 * What makes offsets what they were before the change that wrote the undo file. Those that somebody has committed anew since are named and
 * left alone. Throws UsageError where the file is of another cluster.
 */
export async function planTakeBack(
  { admin }: ClusterPorts,
  { path, clusterId, rows }: OffsetsUndoFile,
  run: Run,
): Promise<readonly PlannedReset[]> {
  const { signal } = run;
  const cluster = await admin.describeCluster({ signal });
  if (cluster.clusterId !== clusterId) {
    throw new UsageError(`${path} is of the cluster ${clusterId}, and this one is ${cluster.clusterId}`);
  }
  const names = [...new Set(rows.map(({ group }) => group))];
  const { groups, missing } = await selectCommittingGroups(admin, { kind: 'named', names }, run);
  const [whyNot, committed, logs] = await Promise.all([
    whyNotEmpty(admin, groups, signal),
    admin.listGroupOffsets(groups, { signal }),
    readPartitionLogs(admin, rows, null, signal),
  ]);
  const offsetOf = new Map(
    committed.flatMap(({ group, offsets }) => (offsets ?? []).map((row) => [offsetName({ group, ...row }), row.committedOffset] as const)),
  );
  // Deleting the offsets of a group may have deleted the group.
  const whyUnknown = new Map<string, KafkaFailure | null>([
    ...committed.map(({ group, error }) => [group, error] as const),
    ...missing.filter(({ error }) => error.code !== 'GROUP_ID_NOT_FOUND').map(({ group, error }) => [group, error] as const),
    ...whyNot,
  ]);
  const planned = rows.map(({ group, topic, partition, before, after }): PlannedReset => {
    const row = { group, topic, partition };
    const unknown = whyUnknown.get(group) ?? null;
    if (unknown !== null) return { ...row, offsetBefore: null, offsetAfter: null, lagAfter: null, outcome: 'failed', error: unknown };
    const now = offsetOf.get(offsetName(row)) ?? null;
    const log = logs.get(topicPartitionName(row));
    const lagAfter = log?.error === null && before !== null ? log.end - before : null;
    const known = { ...row, offsetBefore: now, offsetAfter: before, lagAfter };
    if (now === before) return { ...known, outcome: 'not-needed', error: null };
    if (now !== after) return { ...known, outcome: 'failed', error: drifted(now, offsetName(row), known) };
    return { ...known, outcome: 'planned', error: null };
  });
  if (planned.every(({ outcome }) => outcome === 'not-needed')) run.note('kafka-ts: nothing to do: all is as it was');
  return planned;
}

function drifted(now: bigint | null, name: string, { group, topic, partition, offsetAfter }: ResetRow): KafkaFailure {
  const what = now === null ? 'The offset has been deleted since' : `${now} has been committed since`;
  const how =
    offsetAfter === null
      ? `kafka-ts offsets delete ${shellWord(group)} --topic ${topic}:${partition}`
      : `kafka-ts offsets reset ${shellWord(group)} --topic ${topic}:${partition} --to-offset ${offsetAfter} --create-group`;
  return { code: 'DRIFTED', message: `${what}, so ${name} is left alone; ${how} changes it all the same.`, retriable: false };
}
