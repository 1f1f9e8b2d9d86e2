import type { OngoingReassignment } from '../../admin/reassignments.js';
import { failure } from '../../model/error-code.js';
import type { Result } from '../../model/outcome.js';
import { topicPartitionName } from '../../model/topic-partition.js';
import { sizeText } from '../../render/size-text.js';
import type { View } from '../../render/view.js';
import { query } from '../command.js';
import { matchesPattern } from '../match-pattern.js';
import { partitionName } from '../partition-name.js';
import { noteLeftThrottles } from './left-throttles.js';

interface Row extends OngoingReassignment {
  /** Still to be copied; null where it is not known. */
  readonly leftBytes: number | null;
}

const view: View<Result<Row>> = {
  name: (row) => partitionName(row),
  columns: [
    { head: 'TOPIC', cell: ({ topic }) => topic },
    { head: 'PARTITION', cell: ({ partition }) => String(partition), align: 'right' },
    { head: 'REPLICAS', cell: ({ replicas }) => replicas.join(',') },
    { head: 'ADDING', cell: ({ addingReplicas }) => addingReplicas.join(',') },
    { head: 'REMOVING', cell: ({ removingReplicas }) => removingReplicas.join(',') },
    { head: 'LEFT', cell: ({ leftBytes }) => (leftBytes === null ? '' : sizeText(leftBytes)), align: 'right' },
  ],
};

export const listReassignments = query({
  needs: 'cluster',
  summary: 'Show which replicas move now, and what is still to be copied',
  details:
    'Whoever has started them. Replicas are all that hold the partition now or shall. What is left is what the new ones lack now of what the largest of the others has: with what was written since the move began, and without what has come in. A throttle that a killed kafka-ts has left behind is told.',
  arguments: [],
  options: { match: { type: 'string', value: 'PATTERN', describe: "only topics whose name fits, such as 'orders-*'" } },
  examples: [
    'kafka-ts partitions reassignments',
    'kafka-ts partitions reassignments --watch',
    "kafka-ts partitions reassignments --match 'o*' -o json",
  ],
  canWatch: true,
  parse: (_args, { match }) => ({ pattern: match ?? null }),
  run: async (ports, { pattern }, { signal, note }): Promise<readonly Result<Row>[]> => {
    const { admin } = ports;
    const found = await admin.listPartitionReassignments(null, { signal });
    const ongoing = found
      .filter(({ topic }) => pattern === null || matchesPattern(topic, pattern))
      .toSorted((a, b) => (a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.partition - b.partition));
    await noteLeftThrottles(ports, note);
    const { leftBytes } = await admin.copyProgress(ongoing, { signal });
    return ongoing.map((each) => {
      const left = leftBytes.get(topicPartitionName(each)) ?? null;
      return { ...each, leftBytes: left, error: left === null ? noSize : null };
    });
  },
  view,
});

const noSize = failure('UNKNOWN_SERVER_ERROR', 'No broker tells how large it is.');
