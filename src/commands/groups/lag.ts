import { failure } from '../../model/error-code.js';
import type { Result } from '../../model/outcome.js';
import { durationText } from '../../render/duration-text.js';
import { query } from '../command.js';
import { followLag } from './lag-rates.js';
import { foldLag, type LagGrain, type LagRow, lagRow, unknownLag } from './lag-row.js';
import { lagRowName, lagView } from './lag-view.js';
import { type GroupSelection, groupArguments, parseGroupSelection, selectCommittingGroups } from './selection.js';

interface LagOptions {
  readonly selection: GroupSelection;
  readonly topics: readonly string[];
  readonly grain: LagGrain;
  readonly maxLag: number | undefined;
  readonly maxLagMs: number | undefined;
}
type Row = LagRow;

export const groupLag = query({
  needs: 'cluster',
  summary: 'Show how far groups are behind, by records and by time',
  details:
    'Without names all groups are shown, also those that nobody is in. A group that has committed nothing yet is a row without offsets. The time is that for which the first record that is not consumed yet has waited. With --watch there is also how many records the group commits each second, and when it will have caught up if all goes on so.',
  arguments: groupArguments,
  options: {
    match: { type: 'string', value: 'PATTERN', describe: "only groups whose name fits, such as 'billing-*'" },
    topic: { type: 'list', value: 'TOPIC', names: 'topics', describe: 'only these topics' },
    by: {
      type: 'choice',
      value: 'WHAT',
      choices: ['partition', 'topic', 'group'],
      describe: 'a row for each partition, which is the default, topic or group: then records are sums, and the time is the longest',
    },
    maxLag: { type: 'integer', value: 'N', describe: 'exit 5 where a row is behind by more records' },
    maxLagTime: { type: 'duration', value: 'DURATION', describe: 'exit 5 where a row is behind by more time, such as 5m' },
  },
  examples: [
    'kafka-ts groups lag',
    'kafka-ts groups lag --by group --watch',
    'kafka-ts groups lag billing --topic orders',
    "kafka-ts groups lag --match 'billing-*' --max-lag 1000 -o json",
    'kafka-ts groups lag billing --max-lag-time 5m',
  ],
  parse: (args, { match, topic, by, maxLag, maxLagTime }): LagOptions => ({
    selection: args.length === 0 && match === undefined ? { kind: 'all' } : parseGroupSelection(args, { match }),
    topics: topic,
    grain: by ?? 'partition',
    maxLag,
    maxLagMs: maxLagTime,
  }),
  canWatch: true,
  run: async ({ admin, now }, { selection, topics, grain }, run): Promise<readonly Result<Row>[]> => {
    const { groups, missing, silent } = await selectCommittingGroups(admin, selection, run);
    const lags = await admin.listGroupLag(groups, { signal: run.signal });
    const readMs = now();
    const isWanted = ({ topic }: Row) => topics.length === 0 || topic === null || topics.includes(topic);
    const rows = lags.map((lag) => lagRow(lag, readMs)).filter(isWanted);
    // Who asks for a group's lag in a topic must not take silence for none.
    const absent = selection.kind === 'named' ? groups.flatMap(({ group }) => topics.map((topic) => ({ group, topic }))) : [];
    return [
      ...foldLag(rows, grain),
      ...absent
        .filter(({ group, topic }) => !rows.some((row) => row.group === group && (row.topic === topic || row.topic === null)))
        .map(({ group, topic }) => ({ group, ...unknownLag, topic, error: nothingThere })),
      ...missing.map(({ group, error }) => ({ group, ...unknownLag, error })),
      // Its groups are not known, nor who else coordinates them now.
      ...silent.map(({ error }) => ({ group: null, ...unknownLag, error })),
    ];
  },
  unmet: (rows, { grain, maxLag, maxLagMs }) => {
    const behind = rows.filter(({ lag, lagMs }) => isAbove(lag, maxLag) || isAbove(lagMs, maxLagMs));
    if (behind.length === 0) return undefined;
    const limit = [maxLag !== undefined && `${maxLag} records`, maxLagMs !== undefined && durationText(maxLagMs)].filter(Boolean);
    return `${behind.length} ${behind.length === 1 ? `${grain} is` : `${grain}s are`} behind by more than ${limit.join(' or ')}`;
  },
  view: lagView('partition'),
  viewFor: ({ grain }) => lagView(grain),
  follow: ({ grain }) => {
    const ratesOf = followLag<Result<Row>>(lagRowName);
    return { view: (rows, atMs) => lagView(grain, ratesOf(rows, atMs)) };
  },
});

const nothingThere = failure('UNKNOWN_TOPIC_OR_PARTITION', 'The group has neither committed an offset there nor been assigned anything.');
const isAbove = (value: bigint | number | null, limit: number | undefined) => limit !== undefined && value !== null && value > limit;
