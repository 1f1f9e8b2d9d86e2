import type { Client } from '../client/client.js';
import { type TopicPartition, topicPartitionName } from '../model/topic-partition.js';
import { type UntilBrokersKnowOptions, untilBrokersKnow } from './until-brokers-know.js';

export interface EndedMove extends TopicPartition {
  /** All that hold the partition since, in any order. */
  readonly replicas: readonly number[];
}

/**
 * A broker hears of the end of a move a moment after the controller has ended it, and tells of more replicas until then. Resolves as
 * `untilBrokersKnow` does. A partition that is no more has none too many.
 */
export function untilMovesEnded(client: Client, moves: readonly EndedMove[], options: UntilBrokersKnowOptions): Promise<readonly number[]> {
  const replicasOf = new Map(moves.map((move) => [topicPartitionName(move), move.replicas]));
  const isKnown: Parameters<typeof untilBrokersKnow>[2] = (told) =>
    told.every(({ name, partitions }) =>
      partitions.every(({ partitionIndex, replicaNodes }) => {
        const replicas = replicasOf.get(topicPartitionName({ topic: name ?? '', partition: partitionIndex }));
        return replicas === undefined || replicaNodes.every((id) => replicas.includes(id));
      }),
    );
  return untilBrokersKnow(client, [...new Set(moves.map(({ topic }) => topic))], isKnown, options);
}
