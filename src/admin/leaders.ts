import type { Client } from '../client/client.js';
import { errorCode } from '../model/error-code.js';
import { groupBy } from '../model/group-by.js';
import type { Outcome } from '../model/outcome.js';
import { type TopicPartition, topicPartitionName } from '../model/topic-partition.js';
import { electLeaders as electLeadersApi } from '../protocol/messages/elect-leaders.js';
import { failureIn } from './answer.js';
import type { CallOptions } from './call-options.js';

/** `preferred`: the first replica of the list. `unclean`: any live replica, for a partition without a leader; it may lose records. */
export type ElectionType = 'preferred' | 'unclean';
const typeCodes = { preferred: 0, unclean: 1 } as const;

/**
 * Elects leaders (KIP-183, KIP-460). One outcome for each partition, in their order: `not-needed` where it has that leader, or
 * any for an unclean election, already. Null is for all partitions: then those that need none are not listed, as in Kafka.
 */
export async function electLeaders(
  client: Client,
  type: ElectionType,
  partitions: readonly TopicPartition[] | null,
  options: CallOptions = {},
): Promise<readonly Outcome<TopicPartition>[]> {
  if (partitions?.length === 0) return [];
  const topicPartitions =
    partitions &&
    [...groupBy(partitions, ({ topic }) => topic)].map(([topic, members]) => ({
      topic,
      partitions: members.map(({ partition }) => partition),
    }));
  const { replicaElectionResults } = await client.request(
    electLeadersApi,
    ({ remainingMs }) => ({ electionType: typeCodes[type], topicPartitions, timeoutMs: remainingMs }),
    { to: 'controller', failure: (answer) => answer, ...options },
  );
  const answers = replicaElectionResults.flatMap(({ topic, partitionResult }) =>
    partitionResult.map((answer) => ({ topic, partition: answer.partitionId, answer })),
  );
  const answerOf = new Map(answers.map((each) => [topicPartitionName(each), each.answer]));
  return (partitions ?? answers).map(({ topic, partition }) => {
    const answer = answerOf.get(topicPartitionName({ topic, partition }));
    if (answer?.errorCode === errorCode('ELECTION_NOT_NEEDED')) return { topic, partition, outcome: 'not-needed', error: null };
    const error = failureIn(answer);
    return { topic, partition, outcome: error === null ? 'done' : 'failed', error };
  });
}
