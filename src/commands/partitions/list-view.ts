import type { Result } from '../../model/outcome.js';
import type { View } from '../../render/view.js';
import { partitionName } from '../partition-name.js';
import type { PartitionRow } from './conditions.js';

export const listView: View<Result<PartitionRow>> = {
  // A row without a topic is of the cluster.
  name: ({ topic, partition }) => (topic === null ? 'cluster' : partitionName({ topic, partition })),
  columns: [
    { head: 'TOPIC', cell: ({ topic }) => topic ?? '' },
    { head: 'PARTITION', cell: ({ partition }) => text(partition), align: 'right' },
    {
      head: 'LEADER',
      cell: ({ leader }) => (leader === -1 ? 'none' : text(leader)),
      align: 'right',
      tone: ({ leader, preferredLeader }) => (leader === -1 ? 'bad' : leader === preferredLeader ? undefined : 'warning'),
    },
    { head: 'PREFERRED', cell: ({ preferredLeader }) => text(preferredLeader), align: 'right', wide: true },
    { head: 'EPOCH', cell: ({ leaderEpoch }) => text(leaderEpoch), align: 'right', wide: true },
    { head: 'REPLICAS', cell: ({ replicas }) => list(replicas) },
    {
      head: 'ISR',
      cell: ({ isr }) => list(isr),
      tone: ({ isr, replicas }) => (isr !== null && replicas !== null && isr.length < replicas.length ? 'warning' : undefined),
    },
    { head: 'ELR', cell: ({ elr }) => list(elr), wide: true },
    {
      head: 'OFFLINE REPLICAS',
      cell: ({ offlineReplicas }) => list(offlineReplicas),
      tone: () => 'bad',
      optional: true,
    },
    {
      head: 'MARGIN',
      cell: ({ minIsrMargin }) => text(minIsrMargin),
      align: 'right',
      tone: ({ minIsrMargin }) => (minIsrMargin === null || minIsrMargin > 0 ? undefined : minIsrMargin === 0 ? 'warning' : 'bad'),
    },
    { head: 'SIZE BYTES', cell: ({ sizeBytes }) => text(sizeBytes), align: 'right', wide: true },
    { head: 'START', cell: ({ startOffset }) => text(startOffset), align: 'right', wide: true },
    { head: 'END', cell: ({ endOffset }) => text(endOffset), align: 'right', wide: true },
    { head: 'REASSIGNING', cell: ({ reassigning }) => (reassigning ? 'yes' : ''), optional: true },
  ],
};

const text = (value: number | bigint | null): string => (value === null ? '' : String(value));
const list = (ids: readonly number[] | null): string => ids?.join(',') ?? '';
