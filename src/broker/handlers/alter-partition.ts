import { alterPartition } from '../../protocol/messages/alter-partition.js';
import { decideAlterPartition } from '../controller/alter-partition.js';
import type { ControllerContext } from '../server/controller-context.js';
import { handler } from '../server/handler.js';

/**
 * AlterPartition: a leader changes the ISRs of its partitions (KIP-497).
 *
 * - 2: topics by id, leader recovery (KIP-704); 3: the members' broker epochs (KIP-903).
 */
export const alterPartitionHandler = handler<ControllerContext>()({
  api: alterPartition,
  handle: ({ controller }, request) => controller.write((decision) => decideAlterPartition(decision, request)),
});
