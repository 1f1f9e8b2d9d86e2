import { incrementalAlterConfigs } from '../../protocol/messages/incremental-alter-configs.js';
import { decideIncrementalAlterConfigs } from '../controller/configs.js';
import type { ControllerContext } from '../server/controller-context.js';
import { handler } from '../server/handler.js';

/**
 * IncrementalAlterConfigs: sets, deletes, appends to and subtracts from configs of topics and brokers (KIP-339).
 *
 * - 1: flexible.
 */
export const incrementalAlterConfigsHandler = handler<ControllerContext>()({
  api: incrementalAlterConfigs,
  handle: ({ controller }, request) => controller.write((decision) => decideIncrementalAlterConfigs(decision, request)),
});
