import { electLeaders } from '../../protocol/messages/elect-leaders.js';
import { decideElectLeaders } from '../controller/elections.js';
import type { ControllerContext } from '../server/controller-context.js';
import { handler } from '../server/handler.js';

/**
 * ElectLeaders: preferred or unclean elections (KIP-460), of the partitions named or of all.
 *
 * - 1: unclean; 2: flexible.
 */
export const electLeadersHandler = handler<ControllerContext>()({
  api: electLeaders,
  handle: ({ controller }, request) => controller.write((decision) => decideElectLeaders(decision, request)),
});
