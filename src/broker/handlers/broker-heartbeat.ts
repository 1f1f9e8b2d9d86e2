import { brokerHeartbeat } from '../../protocol/messages/broker-heartbeat.js';
import type { ControllerContext } from '../server/controller-context.js';
import { handler } from '../server/handler.js';

/**
 * BrokerHeartbeat: keeps a broker's session, unfences it once it has caught up, and lets it shut down (KIP-631).
 *
 * - 1: offline log directories, 2: cordoned ones. Nobody tells of any here: a node has one directory, and goes on while it is offline.
 */
export const brokerHeartbeatHandler = handler<ControllerContext>()({
  api: brokerHeartbeat,
  handle: ({ controller }, request) => controller.brokerHeartbeat(request),
});
