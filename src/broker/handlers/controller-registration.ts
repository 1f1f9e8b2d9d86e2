import { controllerRegistration } from '../../protocol/messages/controller-registration.js';
import { decideControllerRegistration } from '../controller/controller-registration.js';
import type { ControllerContext } from '../server/controller-context.js';
import { handler } from '../server/handler.js';

/**
 * ControllerRegistration: a controller makes itself known to all (KIP-919).
 *
 * - 0 is the only version.
 */
export const controllerRegistrationHandler = handler<ControllerContext>()({
  api: controllerRegistration,
  handle: ({ controller }, request) => controller.write(() => decideControllerRegistration(request)),
});
