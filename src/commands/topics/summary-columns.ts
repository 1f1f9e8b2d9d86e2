import type { TopicKey, TopicSummary } from '../../admin/topics.js';
import type { Column } from '../../render/view.js';

type Summary = TopicKey & { readonly [Name in keyof TopicSummary]: TopicSummary[Name] | null };

/** What `topics list` and `topics describe` say of a topic as a whole. */
export const summaryColumns: readonly Column<Summary>[] = [
  { head: 'TOPIC', cell: ({ topic }) => topic },
  { head: 'PARTITIONS', cell: ({ partitionCount }) => text(partitionCount), align: 'right' },
  { head: 'REPLICATION', cell: ({ replicationFactor }) => text(replicationFactor), align: 'right' },
  {
    head: 'UNDER-REPLICATED',
    cell: ({ underReplicatedCount }) => text(underReplicatedCount),
    align: 'right',
    tone: ({ underReplicatedCount }) => (underReplicatedCount ? 'warning' : undefined),
  },
  {
    head: 'OFFLINE',
    cell: ({ offlineCount }) => text(offlineCount),
    align: 'right',
    tone: ({ offlineCount }) => (offlineCount ? 'bad' : undefined),
  },
  { head: 'INTERNAL', cell: ({ internal }) => (internal === null ? '' : internal ? 'yes' : 'no'), wide: true },
  { head: 'ID', cell: ({ topicId }) => topicId ?? '', wide: true },
];

const text = (value: number | null): string => (value === null ? '' : String(value));
