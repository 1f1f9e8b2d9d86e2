import { alterConfigs } from '../../protocol/messages/alter-configs.js';
import { decideAlterConfigs } from '../controller/configs.js';
import type { ControllerContext } from '../server/controller-context.js';
import { handler } from '../server/handler.js';

/**
 * AlterConfigs: sets all configs of a resource, and deletes what is not named; IncrementalAlterConfigs took its place.
 *
 * - 2: flexible.
 */
export const alterConfigsHandler = handler<ControllerContext>()({
  api: alterConfigs,
  handle: ({ controller }, request) => controller.write((decision) => decideAlterConfigs(decision, request)),
});
