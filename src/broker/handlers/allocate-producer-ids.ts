import { allocateProducerIds } from '../../protocol/messages/allocate-producer-ids.js';
import { decideAllocateProducerIds } from '../controller/producer-ids.js';
import type { ControllerContext } from '../server/controller-context.js';
import { handler } from '../server/handler.js';

/**
 * AllocateProducerIds: a broker asks for a block of producer ids (KIP-730).
 *
 * - 0 is the only version.
 */
export const allocateProducerIdsHandler = handler<ControllerContext>()({
  api: allocateProducerIds,
  handle: ({ controller }, request) => controller.write((decision) => decideAllocateProducerIds(decision, request)),
});
