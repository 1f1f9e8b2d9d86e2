import { KafkaError } from '../../model/errors.js';
import { leaveGroup as leaveGroupApi } from '../../protocol/messages/leave-group.js';
import { leaveGroup } from '../coordinator/leave-group.js';
import type { BrokerContext } from '../server/broker-context.js';
import { handler } from '../server/handler.js';

/** LeaveGroup: takes members out. 3: many at once, static ones by their instance too (KIP-345); 5: with a reason (KIP-800). */
export const leaveGroupHandler = handler<BrokerContext>()({
  api: leaveGroupApi,
  handle: ({ groups }, { groupId, memberId, members }, { apiVersion }) => {
    if (groupId === '') throw new KafkaError('INVALID_GROUP_ID');
    const shard = groups.shardOf(groupId);
    if (apiVersion >= 3) return { throttleTimeMs: 0, errorCode: 0, members: leaveGroup(shard, groupId, members) };
    const [left] = leaveGroup(shard, groupId, [{ memberId, groupInstanceId: null }]);
    return { throttleTimeMs: 0, errorCode: left?.errorCode ?? 0 };
  },
});
