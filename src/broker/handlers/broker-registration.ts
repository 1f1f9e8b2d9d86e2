import { brokerRegistration } from '../../protocol/messages/broker-registration.js';
import type { ControllerContext } from '../server/controller-context.js';
import { handler } from '../server/handler.js';

/**
 * BrokerRegistration: a broker begins a life in the cluster, fenced at first (KIP-631).
 *
 * - 2: log directories; 3: previousBrokerEpoch (KIP-966); 4: features from level 0 on (KAFKA-17011).
 */
export const brokerRegistrationHandler = handler<ControllerContext>()({
  api: brokerRegistration,
  handle: ({ controller }, request, { apiVersion }) => controller.registerBroker(request, apiVersion),
});
