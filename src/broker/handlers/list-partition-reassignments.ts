import { listPartitionReassignments as api } from '../../protocol/messages/list-partition-reassignments.js';
import { listPartitionReassignments } from '../controller/reassignments.js';
import type { ControllerContext } from '../server/controller-context.js';
import { handler } from '../server/handler.js';

/**
 * ListPartitionReassignments: the moves of replicas that are under way (KIP-455).
 *
 * - 0 is the only version.
 */
export const listPartitionReassignmentsHandler = handler<ControllerContext>()({
  api,
  handle: ({ controller }, request) =>
    controller.write(({ image }) => ({ records: [], response: listPartitionReassignments(image, request) })),
});
