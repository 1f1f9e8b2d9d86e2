import type { GroupPartitionLag } from '../../admin/group-lag.js';
import { noSuchGroup } from '../../admin/groups.js';
import { UsageError } from '../../model/errors.js';
import type { Result } from '../../model/outcome.js';
import type { View } from '../../render/view.js';
import { query } from '../command.js';
import { durationText } from './duration-text.js';
import { type GroupSelection, groupArguments, parseGroupSelection, selectGroups } from './selection.js';

interface LagOptions {
  readonly selection: GroupSelection;
  readonly topics: readonly string[];
  readonly maxLag: number | undefined;
  readonly maxLagMs: number | undefined;
}
type Row = Omit<GroupPartitionLag, 'waitingSinceMs' | 'group' | 'error'> & {
  /** Null of a broker that did not answer. */
  readonly group: string | null;
  /** For how long the first record that was not consumed has waited, in milliseconds; 0 where there is none. */
  readonly lagMs: number | null;
};

const unknown = {
  topic: null,
  partition: null,
  committedOffset: null,
  startOffset: null,
  endOffset: null,
  lag: null,
  lagMs: null,
  memberId: null,
  clientId: null,
  host: null,
  state: null,
} as const;

export const groupLag = query({
  needs: 'cluster',
  summary: 'Show how far groups are behind, by records and by time',
  details:
    'Without names all groups are shown, also those that nobody is in. A group that has committed nothing yet is a row without offsets. The time is that for which the first record that is not consumed yet has waited.',
  arguments: groupArguments,
  options: {
    match: { type: 'string', value: 'PATTERN', describe: "only groups whose name fits, such as 'billing-*'" },
    topic: { type: 'list', value: 'TOPIC', names: 'topics', describe: 'only these topics' },
    maxLag: { type: 'integer', value: 'N', describe: 'exit 5 where a partition is behind by more records' },
    maxLagTime: { type: 'duration', value: 'DURATION', describe: 'exit 5 where a partition is behind by more time, such as 5m' },
  },
  examples: [
    'kafka-ts groups lag',
    'kafka-ts groups lag billing --topic orders',
    "kafka-ts groups lag --match 'billing-*' --max-lag 1000 -o json",
    'kafka-ts groups lag billing --max-lag-time 5m',
  ],
  parse: (args, { match, topic, maxLag, maxLagTime }): LagOptions => ({
    selection: args.length === 0 && match === undefined ? { kind: 'all' } : parseGroupSelection(args, { match }),
    topics: topic,
    maxLag,
    maxLagMs: maxLagTime,
  }),
  canWatch: true,
  run: async ({ admin, now }, { selection, topics }, run): Promise<readonly Result<Row>[]> => {
    const { groups, missing, silent } = await selectGroups(admin, selection, run);
    const shared = groups.find(({ type }) => type === 'share');
    if (shared !== undefined && selection.kind === 'named') {
      throw new UsageError(`${shared.group} is a share group, which commits no offsets`, `try kafka-ts groups describe ${shared.group}`);
    }
    const lags = await admin.listGroupLag(
      groups.filter(({ type }) => type !== 'share'),
      { signal: run.signal },
    );
    const readMs = now();
    const rows = lags.map(({ waitingSinceMs, ...row }): Result<Row> => {
      const { group, topic, partition, committedOffset, startOffset, endOffset, lag, memberId, clientId, host, state, error } = row;
      const lagMs = waitingSinceMs === null ? (lag !== null && lag <= 0n ? 0 : null) : Math.max(0, readMs - waitingSinceMs);
      return { group, topic, partition, committedOffset, startOffset, endOffset, lag, lagMs, memberId, clientId, host, state, error };
    });
    const isWanted = ({ topic }: Row) => topics.length === 0 || topic === null || topics.includes(topic);
    return [
      ...rows.filter(isWanted),
      ...missing.map(({ group }) => ({ group, ...unknown, error: noSuchGroup(group) })),
      // Its groups are not known, nor who else coordinates them now.
      ...silent.map(({ error }) => ({ group: null, ...unknown, error })),
    ];
  },
  unmet: (rows, { maxLag, maxLagMs }) => {
    const behind = rows.filter(({ lag, lagMs }) => isAbove(lag, maxLag) || isAbove(lagMs, maxLagMs));
    if (behind.length === 0) return undefined;
    const limit = [maxLag !== undefined && `${maxLag} records`, maxLagMs !== undefined && durationText(maxLagMs)].filter(Boolean);
    return `${behind.length} ${behind.length === 1 ? 'partition is' : 'partitions are'} behind by more than ${limit.join(' or ')}`;
  },
  view: {
    name: ({ group, topic, partition }) => (topic === null ? (group ?? 'a broker') : `${group} ${topic}:${partition}`),
    columns: [
      { head: 'GROUP', cell: ({ group }) => group ?? '' },
      { head: 'TOPIC', cell: ({ topic }) => topic ?? '' },
      { head: 'PARTITION', cell: ({ partition }) => String(partition ?? ''), align: 'right' },
      { head: 'COMMITTED', cell: ({ committedOffset }) => String(committedOffset ?? ''), align: 'right' },
      { head: 'START', cell: ({ startOffset }) => String(startOffset ?? ''), align: 'right', wide: true },
      { head: 'END', cell: ({ endOffset }) => String(endOffset ?? ''), align: 'right' },
      { head: 'LAG', cell: ({ lag }) => String(lag ?? ''), align: 'right' },
      { head: 'TIME', cell: ({ lagMs }) => (lagMs === null ? '' : durationText(lagMs)), align: 'right' },
      { head: 'STATE', cell: ({ state }) => state ?? '' },
      { head: 'CLIENT', cell: ({ clientId }) => clientId ?? '' },
      { head: 'HOST', cell: ({ host }) => host ?? '' },
      { head: 'MEMBER', cell: ({ memberId }) => memberId ?? '', wide: true },
    ],
  } satisfies View<Result<Row>>,
});

const isAbove = (value: bigint | number | null, limit: number | undefined) => limit !== undefined && value !== null && value > limit;
