import { KafkaError } from '../../model/errors.js';
import { syncGroup as syncGroupApi } from '../../protocol/messages/sync-group.js';
import { failedSync } from '../coordinator/classic-group.js';
import type { SyncAnswer } from '../coordinator/group-member.js';
import { syncGroup } from '../coordinator/sync-group.js';
import type { BrokerContext } from '../server/broker-context.js';
import { handler } from '../server/handler.js';

/**
 * SyncGroup: answered when the leader's assignment is committed. 3: static members (KIP-345); 5: the protocol, which must be named
 * (KIP-559).
 */
export const syncGroupHandler = handler<BrokerContext>()({
  api: syncGroupApi,
  handle: async ({ groups }, request, { apiVersion }) => {
    const answer = await new Promise<SyncAnswer>((resolve) => {
      try {
        const namesProtocol = request.protocolType !== null && request.protocolName !== null;
        if (apiVersion >= 5 && !namesProtocol) throw new KafkaError('INCONSISTENT_GROUP_PROTOCOL');
        if (request.groupId === '') throw new KafkaError('INVALID_GROUP_ID');
        syncGroup(groups.shardOf(request.groupId), request, resolve);
      } catch (error) {
        if (!(error instanceof KafkaError)) throw error;
        resolve(failedSync(error.errorCode));
      }
    });
    return { throttleTimeMs: 0, ...answer };
  },
});
