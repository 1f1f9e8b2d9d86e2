import { errorCode } from '../../model/error-code.js';
import { KafkaError } from '../../model/errors.js';
import { joinGroup as joinGroupApi } from '../../protocol/messages/join-group.js';
import { failedJoin } from '../coordinator/classic-group.js';
import type { JoinAnswer } from '../coordinator/group-member.js';
import { joinGroup } from '../coordinator/join-group.js';
import type { BrokerContext } from '../server/broker-context.js';
import { handler } from '../server/handler.js';

/**
 * JoinGroup: answered when all members have joined, or had the time to.
 *
 * - 0: without a rebalance timeout, for which the session timeout stands; 4: a new member must come back with the id it is given
 *   (KIP-394); 5: static members (KIP-345); 9: a static leader that restarted is told to skip the assignment (KIP-814).
 */
export const joinGroupHandler = handler<BrokerContext>()({
  api: joinGroupApi,
  handle: async (context, request, caller) => {
    const { groupId, memberId } = request;
    const answer = await new Promise<JoinAnswer>((resolve) => {
      try {
        if (groupId === '') throw new KafkaError('INVALID_GROUP_ID');
        if (!isSessionTimeout(context, request.sessionTimeoutMs)) throw new KafkaError('INVALID_SESSION_TIMEOUT');
        joinGroup(context.groups.shardOf(groupId), { request, caller, answer: resolve });
      } catch (error) {
        if (!(error instanceof KafkaError)) throw error;
        resolve(failedJoin(memberId, errorCode(error.code)));
      }
    });
    // Before version 7 a protocol without a name is an empty one.
    const protocolName = caller.apiVersion < 7 ? (answer.protocolName ?? '') : answer.protocolName;
    return { throttleTimeMs: 0, ...answer, protocolName };
  },
});

const isSessionTimeout = ({ config }: BrokerContext, timeoutMs: number): boolean =>
  timeoutMs >= config.value('group.min.session.timeout.ms') && timeoutMs <= config.value('group.max.session.timeout.ms');
