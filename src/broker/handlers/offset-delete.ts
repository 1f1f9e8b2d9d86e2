import { errorCode } from '../../model/error-code.js';
import { KafkaError } from '../../model/errors.js';
import { offsetDelete } from '../../protocol/messages/offset-delete.js';
import { deleteOffsets, groupForOffsetDelete } from '../coordinator/group-offsets.js';
import type { BrokerContext } from '../server/broker-context.js';
import { handler } from '../server/handler.js';

/** OffsetDelete: a group forgets how far it has come with topics that none of its members is subscribed to (KIP-496). */
export const offsetDeleteHandler = handler<BrokerContext>()({
  api: offsetDelete,
  handle: async ({ groups, metadata }, { groupId, topics }) => {
    if (groupId === '') throw new KafkaError('INVALID_GROUP_ID');
    const shard = groups.shardOf(groupId);
    const group = groupForOffsetDelete(shard, groupId);
    const isKnown = (topic: string, partition: number) => metadata.topics.byName.get(topic)?.partitions[partition] !== undefined;
    const answers = topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex }) => {
        if (!isKnown(name, partitionIndex)) return { partitionIndex, errorCode: errorCode('UNKNOWN_TOPIC_OR_PARTITION') };
        return { partitionIndex, errorCode: group.mayBeSubscribedTo(name) ? errorCode('GROUP_SUBSCRIBED_TO_TOPIC') : 0 };
      }),
    }));
    const deletable = answers.flatMap(({ name, partitions }) =>
      partitions.filter(({ errorCode: code }) => code === 0).map(({ partitionIndex }) => ({ topic: name, partition: partitionIndex })),
    );
    await deleteOffsets(shard, groupId, deletable);
    return { errorCode: 0, throttleTimeMs: 0, topics: answers };
  },
});
