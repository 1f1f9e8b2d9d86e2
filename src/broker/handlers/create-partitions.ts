import { createPartitions } from '../../protocol/messages/create-partitions.js';
import { decideCreatePartitions } from '../controller/partitions.js';
import type { ControllerContext } from '../server/controller-context.js';
import { handler } from '../server/handler.js';

/**
 * CreatePartitions: more partitions for topics that are there.
 *
 * - 2: flexible; 3: THROTTLING_QUOTA_EXCEEDED, which nothing here answers.
 */
export const createPartitionsHandler = handler<ControllerContext>()({
  api: createPartitions,
  handle: ({ controller }, request) => controller.write((decision) => decideCreatePartitions(decision, request)),
});
