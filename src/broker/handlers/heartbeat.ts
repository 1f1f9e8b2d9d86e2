import { KafkaError } from '../../model/errors.js';
import { heartbeat as heartbeatApi } from '../../protocol/messages/heartbeat.js';
import { heartbeat } from '../coordinator/sync-group.js';
import type { BrokerContext } from '../server/broker-context.js';
import { handler } from '../server/handler.js';

/** Heartbeat: a member is alive, and hears where it must join anew. 3: static members (KIP-345). */
export const heartbeatHandler = handler<BrokerContext>()({
  api: heartbeatApi,
  handle: ({ groups }, request) => {
    if (request.groupId === '') throw new KafkaError('INVALID_GROUP_ID');
    try {
      heartbeat(groups.shardOf(request.groupId), request);
    } catch (error) {
      // Its session begins anew when all is loaded: until then it has nothing to worry about.
      if (!(error instanceof KafkaError) || error.code !== 'COORDINATOR_LOAD_IN_PROGRESS') throw error;
    }
    return { throttleTimeMs: 0, errorCode: 0 };
  },
});
