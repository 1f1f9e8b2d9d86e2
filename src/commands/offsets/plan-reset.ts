import type { AdminClient } from '../../admin/admin-client.js';
import { failure } from '../../model/error-code.js';
import { KafkaError, UsageError } from '../../model/errors.js';
import { groupBy } from '../../model/group-by.js';
import type { KafkaFailure } from '../../model/outcome.js';
import { type TopicPartition, topicPartitionName } from '../../model/topic-partition.js';
import type { Run } from '../command.js';
import { whyNotEmpty } from '../groups/empty-groups.js';
import { type GroupSelection, type SelectedGroup, selectCommittingGroups, silentName } from '../groups/selection.js';
import { partitionName } from '../partition-name.js';
import type { ClusterPorts } from '../ports.js';
import { expandTopics } from './expand-topics.js';
import type { PlannedReset } from './offset-row.js';
import type { OffsetInFile } from './offsets-file.js';
import { readPartitionLogs } from './partition-logs.js';
import { type ResetTarget, targetOffset } from './reset-target.js';
import { isInScope, type OffsetScope } from './scope.js';

export interface ResetOptions {
  /** Null for the groups of the file. */
  readonly selection: GroupSelection | null;
  /** Null for all that the file or the other group has. */
  readonly scope: OffsetScope | null;
  readonly target: ResetTarget;
  readonly createGroup: boolean;
}

/** Reads what groups have committed and what their topics hold, and says where each offset is to go. */
export async function planReset(
  { admin, now }: ClusterPorts,
  options: ResetOptions & { readonly inFile: readonly OffsetInFile[] },
  run: Run,
): Promise<readonly PlannedReset[]> {
  const { scope, target, createGroup, inFile } = options;
  const { signal } = run;
  const selection = options.selection ?? groupsOf(inFile);
  const { groups, missing, silent } = await selectCommittingGroups(admin, selection, run);
  const isToBeMade = ({ code }: KafkaFailure) => createGroup && code === 'GROUP_ID_NOT_FOUND';
  const made = missing
    .filter(({ error }) => isToBeMade(error))
    .map(({ group }): SelectedGroup => ({ group, type: null, state: 'Empty', coordinator: null }));
  const there = [...groups, ...made];
  const [whyNot, committed, others, named] = await Promise.all([
    whyNotEmpty(admin, groups, signal),
    admin.listGroupOffsets(groups, { signal }),
    target.kind === 'group' ? offsetsOfGroup(admin, target.group, run) : [],
    scope?.kind === 'named' ? expandTopics(admin, scope.names, signal) : { partitions: [], unknown: [] },
  ]);
  const committedBy = new Map(committed.map((row) => [row.group, row]));
  const failed = (group: string, error: KafkaFailure, name: Partial<TopicPartition> = {}): PlannedReset => ({
    group,
    topic: name.topic ?? null,
    partition: name.partition ?? null,
    offsetBefore: null,
    offsetAfter: null,
    lagAfter: null,
    outcome: 'failed',
    error,
  });

  const wanted: (TopicPartition & { readonly group: string; readonly committed: bigint | null; readonly given: bigint | null })[] = [];
  const failures: PlannedReset[] = silent.map(({ coordinator, error }) => failed(silentName({ coordinator }), error));
  failures.push(...missing.filter(({ error }) => !isToBeMade(error)).map(({ group, error }) => failed(group, withRemedy(error))));
  const inFileOf = groupBy(inFile, (each) => each.group);
  for (const { group } of there) {
    const row = committedBy.get(group);
    const error = whyNot.get(group) ?? row?.error ?? null;
    if (error !== null && !isToBeMade(error)) {
      failures.push(failed(group, error));
      continue;
    }
    const own = new Map((row?.offsets ?? []).map((offset) => [topicPartitionName(offset), offset]));
    const given = target.kind === 'file' ? [...(inFileOf.get(null) ?? []), ...(inFileOf.get(group) ?? [])] : others;
    const givenOf = new Map(given.map((each) => [topicPartitionName(each), each]));
    const isGiven = target.kind === 'file' || target.kind === 'group';
    const partitions = isGiven ? [...givenOf.values()] : scope?.kind === 'named' ? named.partitions : [...own.values()];
    for (const { topic, partition } of partitions.filter((each) => isInScope(scope, each))) {
      const name = topicPartitionName({ topic, partition });
      wanted.push({ group, topic, partition, committed: own.get(name)?.committedOffset ?? null, given: givenOf.get(name)?.offset ?? null });
    }
    for (const { topic, partition, error: unknown } of named.unknown)
      failures.push(failed(group, unknown, { topic, ...(partition !== null && { partition }) }));
  }

  const logs = await readPartitionLogs(admin, wanted, timeOf(target, now()), signal);
  const outside: OutsideLog[] = [];
  const planned = wanted.map(({ group, topic, partition, committed: offsetBefore, given }): PlannedReset => {
    const log = logs.get(topicPartitionName({ topic, partition }))!;
    const row = { group, topic, partition, offsetBefore };
    if (log.error !== null) return { ...row, offsetAfter: null, lagAfter: null, outcome: 'failed', error: log.error };
    const offsetAfter = targetOffset(target, { ...log, committed: offsetBefore, given });
    if (offsetAfter === null) return { ...row, offsetAfter, lagAfter: null, outcome: 'failed', error: nothingToShift };
    const asked = target.kind === 'offset' ? target.offset : given;
    if (asked !== null && asked !== offsetAfter) outside.push({ name: partitionName(row), asked, log });
    const outcome = offsetAfter === offsetBefore ? 'not-needed' : 'planned';
    return { ...row, offsetAfter, lagAfter: log.end - offsetAfter, outcome, error: null };
  });
  noteOutside(outside, run);
  if (planned.length === 0 && failures.length === 0)
    run.note(`kafka-ts: nothing to do: ${target.kind === 'file' ? 'the file names no offsets of them' : 'no offsets are committed there'}`);
  return [...planned, ...failures];
}

/** An offset that was asked for, and is not in the log. */
interface OutsideLog {
  readonly name: string;
  readonly asked: bigint;
  readonly log: { readonly start: bigint; readonly end: bigint };
}

function noteOutside([first, ...others]: readonly OutsideLog[], { note }: Run): void {
  if (first === undefined) return;
  const { name, asked, log } = first;
  const more = others.length === 0 ? '' : ` (and ${others.length} more like it)`;
  note(`kafka-ts: ${asked} is outside of ${name}, which goes from ${log.start} to ${log.end}${more}: the nearest end is taken`);
}

const nothingToShift = failure('INVALID_REQUEST', 'Nothing is committed there that could be shifted.');

const withRemedy = (error: KafkaFailure): KafkaFailure =>
  error.code === 'GROUP_ID_NOT_FOUND' ? { ...error, message: `${error.message} --create-group makes it.` } : error;

function groupsOf(inFile: readonly OffsetInFile[]): GroupSelection {
  const names = [...new Set(inFile.map(({ group }) => group))];
  if (names.includes(null)) throw new UsageError('the file names no groups', 'name the group whose offsets these shall be');
  return { kind: 'named', names: names.flatMap((name) => name ?? []) };
}

/** Throws UsageError where there is no such group: a typo must not look like a group without offsets. */
async function offsetsOfGroup(admin: AdminClient, name: string, run: Run): Promise<readonly OffsetInFile[]> {
  const { groups, missing } = await selectCommittingGroups(admin, { kind: 'named', names: [name] }, run);
  const [source] = await admin.listGroupOffsets(groups, { signal: run.signal });
  if (missing[0]?.error.code === 'GROUP_ID_NOT_FOUND') throw new UsageError(`there is no group '${name}' to take offsets from`);
  const refused = [...missing, source, ...(source?.offsets ?? [])].find((row) => row !== undefined && row.error !== null)?.error;
  if (refused) throw KafkaError.of(refused);
  return (source?.offsets ?? []).flatMap(({ topic, partition, committedOffset }) =>
    committedOffset === null ? [] : [{ group: null, topic, partition, offset: committedOffset }],
  );
}

const timeOf = (target: ResetTarget, nowMs: number): number | null =>
  target.kind === 'time' ? target.atMs : target.kind === 'ago' ? nowMs - target.ms : null;
