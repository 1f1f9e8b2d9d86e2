import { electLeaders } from '../../protocol/messages/elect-leaders.js';
import { decideElectLeaders, type ElectionPart, electionParts } from '../controller/elections.js';
import type { ControllerContext } from '../server/controller-context.js';
import { handler } from '../server/handler.js';

/**
 * ElectLeaders: preferred or unclean elections (KIP-460), of the partitions named or of all.
 *
 * - 1: unclean; 2: flexible.
 */
export const electLeadersHandler = handler<ControllerContext>()({
  api: electLeaders,
  handle: async ({ controller }, request) => {
    const parts: ElectionPart[] = [];
    const elect = (part: number) =>
      controller.write((decision) => {
        if (part === 0) parts.push(...electionParts(decision.image, request));
        return decideElectLeaders(decision, parts[part] as ElectionPart);
      });
    const response = await elect(0);
    const replicaElectionResults = [...response.replicaElectionResults];
    for (let part = 1; part < parts.length; part++) replicaElectionResults.push(...(await elect(part)).replicaElectionResults);
    return { ...response, replicaElectionResults };
  },
});
