import type { Result } from '../../model/outcome.js';
import { durationText } from '../../render/duration-text.js';
import type { Column, View } from '../../render/view.js';
import { type LagRate, rateText } from './lag-rates.js';
import type { LagGrain, LagRow } from './lag-row.js';

export function lagRowName({ group, topic, partition }: LagRow): string {
  if (topic === null) return group ?? 'some groups';
  return partition === null ? `${group} ${topic}` : `${group} ${topic}:${partition}`;
}

/** In rows of which grains a column is; in those of all where it does not say. */
interface LagColumn extends Column<LagRow> {
  readonly of?: readonly LagGrain[];
}
const ofTopics: readonly LagGrain[] = ['partition', 'topic'];
const ofPartitions: readonly LagGrain[] = ['partition'];

const columns: readonly LagColumn[] = [
  { head: 'GROUP', cell: ({ group }) => group ?? '' },
  { of: ofTopics, head: 'TOPIC', cell: ({ topic }) => topic ?? '' },
  { of: ofPartitions, head: 'PARTITION', cell: ({ partition }) => String(partition ?? ''), align: 'right' },
  { of: ofPartitions, head: 'COMMITTED', cell: ({ committedOffset }) => String(committedOffset ?? ''), align: 'right' },
  { of: ofPartitions, head: 'START', cell: ({ startOffset }) => String(startOffset ?? ''), align: 'right', wide: true },
  { of: ofPartitions, head: 'END', cell: ({ endOffset }) => String(endOffset ?? ''), align: 'right' },
  { head: 'LAG', cell: ({ lag }) => String(lag ?? ''), align: 'right' },
  { head: 'TIME', cell: ({ lagMs }) => (lagMs === null ? '' : durationText(lagMs)), align: 'right' },
];
const columnsOfMembers: readonly LagColumn[] = [
  { head: 'STATE', cell: ({ state }) => state ?? '' },
  { of: ofPartitions, head: 'CLIENT', cell: ({ clientId }) => clientId ?? '' },
  { of: ofPartitions, head: 'HOST', cell: ({ host }) => host ?? '' },
  { of: ofPartitions, head: 'MEMBER', cell: ({ memberId }) => memberId ?? '', wide: true },
];

/** With `rates`, by name, also how the lag changes. */
export function lagView(grain: LagGrain, rates?: ReadonlyMap<string, LagRate>): View<Result<LagRow>> {
  const ofRate = (cell: (rate: LagRate) => string) => (row: LagRow) => {
    const rate = rates?.get(lagRowName(row));
    return rate === undefined ? '' : cell(rate);
  };
  const columnsOfRates: readonly LagColumn[] = [
    { head: 'RATE', cell: ofRate(({ consumedPerSecond }) => rateText(consumedPerSecond)), align: 'right' },
    { head: 'CATCH UP', cell: ofRate(({ catchUpMs }) => catchUpText(catchUpMs)), align: 'right' },
  ];
  const all = [...columns, ...(rates === undefined ? [] : columnsOfRates), ...columnsOfMembers];
  return { name: lagRowName, columns: all.filter(({ of }) => of === undefined || of.includes(grain)) };
}

const catchUpText = (catchUpMs: number | null): string =>
  catchUpMs === null ? '' : catchUpMs === Number.POSITIVE_INFINITY ? 'never' : durationText(catchUpMs);
