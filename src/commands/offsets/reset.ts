import type { AdminClient } from '../../admin/admin-client.js';
import type { OffsetQuery } from '../../admin/offsets.js';
import { failure } from '../../model/error-code.js';
import { UsageError } from '../../model/errors.js';
import type { KafkaFailure } from '../../model/outcome.js';
import { type TopicPartition, topicPartitionName } from '../../model/topic-partition.js';
import { change, type Run } from '../command.js';
import {
  type GroupSelection,
  groupArguments,
  matchOption,
  parseGroupSelection,
  type SelectedGroup,
  selectGroups,
} from '../groups/selection.js';
import { applyByGroup } from './apply-by-group.js';
import { whyNotEmpty } from './empty-groups.js';
import { expandTopics } from './expand-topics.js';
import { type PlannedReset, resetView, takeBack } from './offset-row.js';
import { type OffsetInFile, readOffsetsFile } from './offsets-file.js';
import { parseTarget, type ResetTarget, targetOffset, targetOptions } from './reset-target.js';
import { isInScope, type OffsetScope, parseScope, scopeOptions } from './scope.js';

interface ResetOptions {
  /** Null for the groups of the file. */
  readonly selection: GroupSelection | null;
  /** Null for all that the file or the other group has. */
  readonly scope: OffsetScope | null;
  readonly target: ResetTarget;
  readonly createGroup: boolean;
}

export const resetOffsets = change({
  needs: 'cluster',
  summary: 'Move the committed offsets of groups',
  details:
    'The groups must have no members: Kafka takes offsets from outside only then, and the members that stand in the way are named. An offset outside the log is moved to its nearest end.',
  arguments: groupArguments,
  options: {
    ...matchOption,
    ...scopeOptions,
    ...targetOptions,
    createGroup: { type: 'boolean', describe: 'make the group where it is not there' },
  },
  examples: [
    'kafka-ts offsets reset billing --topic orders --to-earliest --dry-run',
    'kafka-ts offsets reset billing --topic orders:3 --to-offset 1200',
    'kafka-ts offsets reset billing --all-topics --shift-by=-100 --yes',
    "kafka-ts offsets reset --match 'billing-*' --all-topics --to-datetime 2026-01-31T12:00:00Z",
    'kafka-ts offsets reset billing --topic orders --by-duration 2h',
    'kafka-ts offsets reset --from-file offsets.json',
    'kafka-ts offsets reset billing-2 --from-group billing --create-group',
  ],
  parse: (args, { match, topic, allTopics, createGroup, ...values }): ResetOptions => {
    const target = parseTarget(values);
    const scope = parseScope({ topic, allTopics });
    const hasOwnScope = target.kind === 'file' || target.kind === 'group';
    if (scope === null && !hasOwnScope) throw new UsageError('say which offsets: --topic TOPIC[:PARTITION] or --all-topics');
    const isOfFile = target.kind === 'file' && args.length === 0 && match === undefined;
    return { selection: isOfFile ? null : parseGroupSelection(args, { match }), scope, target, createGroup };
  },
  plan: async ({ admin, now }, options, run): Promise<readonly PlannedReset[]> => {
    const { scope, target, createGroup } = options;
    const { signal } = run;
    const inFile = target.kind === 'file' ? readOffsetsFile(target.path) : [];
    const selection = options.selection ?? groupsOf(inFile);
    const { groups, missing, silent } = await selectGroups(admin, selection, run);
    const made: readonly SelectedGroup[] = createGroup
      ? missing.map(({ group }) => ({ group, type: null, state: 'Empty', coordinator: null }))
      : [];
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
    const failures: PlannedReset[] = silent.map(({ coordinator, error }) => failed(`broker ${coordinator}`, error));
    if (!createGroup) failures.push(...missing.map(({ group, error }) => failed(group, error)));
    for (const { group } of there) {
      const row = committedBy.get(group);
      const error = whyNot.get(group) ?? row?.error ?? null;
      if (error !== null) {
        failures.push(failed(group, error));
        continue;
      }
      const own = new Map((row?.offsets ?? []).map((offset) => [topicPartitionName(offset), offset]));
      const given = target.kind === 'file' ? inFile.filter((each) => each.group === null || each.group === group) : others;
      const givenOf = new Map(given.map((each) => [topicPartitionName(each), each.offset]));
      const partitions =
        target.kind === 'file' || target.kind === 'group' ? given : scope?.kind === 'named' ? named.partitions : [...own.values()];
      for (const { topic, partition } of partitions.filter((each) => isInScope(scope, each))) {
        const name = topicPartitionName({ topic, partition });
        wanted.push({ group, topic, partition, committed: own.get(name)?.committedOffset ?? null, given: givenOf.get(name) ?? null });
      }
      for (const { topic, partition, error: unknown } of named.unknown)
        failures.push(failed(group, unknown, { topic, ...(partition !== null && { partition }) }));
    }

    const logs = await logsOf(admin, wanted, timeOf(target, now()), signal);
    const planned = wanted.map(({ group, topic, partition, committed: offsetBefore, given }): PlannedReset => {
      const log = logs.get(topicPartitionName({ topic, partition }))!;
      const row = { group, topic, partition, offsetBefore };
      if (log.error !== null) return { ...row, offsetAfter: null, lagAfter: null, outcome: 'failed', error: log.error };
      const offsetAfter = targetOffset(target, { ...log, committed: offsetBefore, given });
      if (offsetAfter === null) return { ...row, offsetAfter, lagAfter: null, outcome: 'failed', error: nothingToShift };
      const outcome = offsetAfter === offsetBefore ? 'not-needed' : 'planned';
      return { ...row, offsetAfter, lagAfter: log.end - offsetAfter, outcome, error: null };
    });
    if (planned.length === 0 && failures.length === 0) run.note('kafka-ts: nothing to do: no offsets are committed there');
    return [...planned, ...failures];
  },
  danger: () => 'moderate',
  apply: ({ admin }, rows, _options, run) =>
    applyByGroup(rows, run, (group, members) =>
      // No signal: a request that is on its way may commit all the same, so its answer is waited for.
      admin.commitGroupOffsets(
        { group },
        members.flatMap(({ topic, partition, offsetAfter }) =>
          topic === null || partition === null || offsetAfter === null ? [] : [{ topic, partition, offset: offsetAfter }],
        ),
      ),
    ),
  undo: (row) => ({ before: row.offsetBefore, after: row.offsetAfter, command: takeBack(row) }),
  view: resetView,
});

const nothingToShift = failure('INVALID_REQUEST', 'Nothing is committed there that could be shifted.');

function groupsOf(inFile: readonly OffsetInFile[]): GroupSelection {
  const names = [...new Set(inFile.map(({ group }) => group))];
  if (names.includes(null)) throw new UsageError('the file names no groups', 'name the group whose offsets these shall be');
  return { kind: 'named', names: names.flatMap((name) => name ?? []) };
}

/** Throws UsageError where there is no such group: a typo must not look like a group without offsets. */
async function offsetsOfGroup(admin: AdminClient, name: string, run: Run): Promise<readonly OffsetInFile[]> {
  const { groups } = await selectGroups(admin, { kind: 'named', names: [name] }, run);
  const [source] = await admin.listGroupOffsets(groups, { signal: run.signal });
  if (source === undefined) throw new UsageError(`there is no group '${name}' to take offsets from`);
  return (source.offsets ?? []).flatMap(({ topic, partition, committedOffset }) =>
    committedOffset === null ? [] : [{ group: null, topic, partition, offset: committedOffset }],
  );
}

const timeOf = (target: ResetTarget, nowMs: number): number | null =>
  target.kind === 'time' ? target.atMs : target.kind === 'ago' ? nowMs - target.ms : null;

interface Log {
  readonly start: bigint;
  readonly end: bigint;
  readonly atTime: bigint | null;
  readonly error: null;
}

/** Where each partition begins and ends, and stands at a time; or why that is not known. */
async function logsOf(
  admin: AdminClient,
  wanted: readonly TopicPartition[],
  atMs: number | null,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Log | { readonly error: KafkaFailure }>> {
  const partitions = [...new Map(wanted.map((each) => [topicPartitionName(each), each])).values()];
  const ats: readonly OffsetQuery['at'][] = atMs === null ? ['start', 'end'] : ['start', 'end', atMs];
  const found = await admin.listOffsets(
    partitions.flatMap(({ topic, partition }) => ats.map((at) => ({ topic, partition, at }))),
    { signal },
  );
  return new Map(
    partitions.map((partition, index) => {
      const [start, end, time] = found.slice(index * ats.length, (index + 1) * ats.length);
      const error = start?.error ?? end?.error ?? time?.error ?? null;
      const known = error === null && start?.offset != null && end?.offset != null;
      const atTime = time?.offset == null || time.offset === -1n ? null : time.offset;
      return [
        topicPartitionName(partition),
        known ? { start: start.offset, end: end.offset, atTime, error: null } : { error: error ?? failure('UNKNOWN_SERVER_ERROR') },
      ];
    }),
  );
}
