import type { LeadershipChange } from '../../admin/execute/leadership-change.js';
import type { View } from '../../render/view.js';
import { partitionName } from '../partition-name.js';

/** One partition of `leaders balance` and `leaders rollback`. */
export const leaderRowView: View<LeadershipChange> = {
  name: (row) => partitionName(row),
  columns: [
    { head: 'TOPIC', cell: ({ topic }) => topic },
    { head: 'PARTITION', cell: ({ partition }) => String(partition), align: 'right' },
    { head: 'LEADER', cell: ({ leaderBefore }) => leaderText(leaderBefore), align: 'right' },
    { head: 'NEW LEADER', cell: ({ leaderAfter }) => leaderText(leaderAfter), align: 'right' },
    { head: 'REPLICAS', cell: ({ replicasBefore }) => replicasBefore.join(',') },
    { head: 'NEW REPLICAS', cell: ({ replicasAfter }) => replicasAfter.join(',') },
  ],
};
const leaderText = (leader: number): string => (leader === -1 ? 'none' : String(leader));
