import { unregisterBroker } from '../../protocol/messages/unregister-broker.js';
import { decideUnregisterBroker } from '../controller/broker-registration.js';
import type { ControllerContext } from '../server/controller-context.js';
import { handler } from '../server/handler.js';

/**
 * UnregisterBroker: a broker that is gone for good is forgotten (KIP-1073).
 *
 * - 0 is the only version.
 */
export const unregisterBrokerHandler = handler<ControllerContext>()({
  api: unregisterBroker,
  handle: ({ controller }, request) => controller.write((decision) => decideUnregisterBroker(decision, request.brokerId)),
});
