import { electLeaders } from '../../protocol/messages/elect-leaders.js';
import { decideElectLeaders, electionParts } from '../controller/elections.js';
import type { ControllerContext } from '../server/controller-context.js';
import { handler } from '../server/handler.js';
import { writeInParts } from './write-in-parts.js';

/**
 * ElectLeaders: preferred or unclean elections (KIP-460), of the partitions named or of all.
 *
 * - 1: unclean; 2: flexible.
 */
export const electLeadersHandler = handler<ControllerContext>()({
  api: electLeaders,
  handle: async ({ controller }, request) => {
    const responses = await writeInParts(controller, ({ image }) => electionParts(image, request), decideElectLeaders);
    const replicaElectionResults = responses.flatMap((response) => response.replicaElectionResults);
    return { throttleTimeMs: 0, errorCode: 0, replicaElectionResults };
  },
});
