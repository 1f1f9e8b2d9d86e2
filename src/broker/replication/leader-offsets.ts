import { type ErrorName, errorName } from '../../model/error-code.js';
import type { TopicPartition } from '../../model/topic-partition.js';
import { listOffsets } from '../../protocol/messages/list-offsets.js';
import type { LeaderConnection } from './leader-connection.js';

/** ListOffsets' timestamps for the ends of a log. */
const latest = -1;
const earliest = -2;

/** Where the leader's log begins and ends, asked for as a follower. Rejects as the connection does. */
export async function offsetsOnLeader(
  connection: LeaderConnection,
  nodeId: number,
  { topic, partition }: TopicPartition,
  currentLeaderEpoch: number,
): Promise<{ readonly earliest: bigint; readonly latest: bigint } | { readonly error: ErrorName }> {
  const ask = async (timestamp: number): Promise<bigint | ErrorName> => {
    const topics = [{ name: topic, partitions: [{ partitionIndex: partition, currentLeaderEpoch, timestamp }] }];
    const response = await connection.request(listOffsets, { replicaId: nodeId, isolationLevel: 0, topics });
    const answer = response.topics[0]?.partitions[0];
    if (answer === undefined) return 'UNKNOWN_TOPIC_OR_PARTITION';
    return answer.errorCode === 0 ? answer.offset : errorName(answer.errorCode);
  };
  // In one connection's order: the log may grow in between, but not begin earlier.
  const [end, start] = await Promise.all([ask(latest), ask(earliest)]);
  if (typeof end === 'string') return { error: end };
  if (typeof start === 'string') return { error: start };
  return { earliest: start, latest: end };
}
