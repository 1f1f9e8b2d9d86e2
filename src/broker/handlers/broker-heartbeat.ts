import { brokerHeartbeat } from '../../protocol/messages/broker-heartbeat.js';
import type { ControllerContext } from '../server/controller-context.js';
import { handler } from '../server/handler.js';

/**
 * BrokerHeartbeat: keeps a broker's session, unfences it once it has caught up, and lets it shut down (KIP-631).
 *
 * - 1: offline log directories, 2: cordoned ones; there are none here: a node has one directory, and without it it stops.
 */
export const brokerHeartbeatHandler = handler<ControllerContext>()({
  api: brokerHeartbeat,
  handle: ({ controller }, request) => controller.brokerHeartbeat(request),
});
