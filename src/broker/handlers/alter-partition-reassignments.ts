import { alterPartitionReassignments } from '../../protocol/messages/alter-partition-reassignments.js';
import { decideAlterPartitionReassignments } from '../controller/reassignments.js';
import type { ControllerContext } from '../server/controller-context.js';
import { handler } from '../server/handler.js';

/**
 * AlterPartitionReassignments: begins or takes back the move of replicas (KIP-455). A change of order alone is done at once.
 *
 * - 1: may forbid a change of the replication factor (KIP-860).
 */
export const alterPartitionReassignmentsHandler = handler<ControllerContext>()({
  api: alterPartitionReassignments,
  handle: ({ controller }, request) => controller.write((decision) => decideAlterPartitionReassignments(decision, request)),
});
