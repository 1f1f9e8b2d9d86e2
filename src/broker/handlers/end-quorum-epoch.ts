import { errorCode } from '../../model/error-code.js';
import { endQuorumEpoch } from '../../protocol/messages/end-quorum-epoch.js';
import type { ControllerContext } from '../server/controller-context.js';
import { handler } from '../server/handler.js';
import { leaderEndpoints, metadataLogAnswer, metadataLogPartition } from './metadata-log-partition.js';

/**
 * EndQuorumEpoch: the leader of the quorum resigns and names who should follow it, best first (KIP-595).
 *
 * - 1: successors as preferredCandidates, addresses (KIP-853).
 */
export const endQuorumEpochHandler = handler<ControllerContext>()({
  api: endQuorumEpoch,
  handle: (context, request, { apiVersion }) => {
    const found = metadataLogPartition(context, request);
    if ('error' in found) return { errorCode: errorCode(found.error), topics: [] };
    const { leaderId, leaderEpoch, preferredSuccessors, preferredCandidates } = found.partition;
    const successors = apiVersion >= 1 ? preferredCandidates.map(({ candidateId }) => candidateId) : preferredSuccessors;
    const answer = context.quorum.endEpoch({ leaderId, leaderEpoch, successors });
    const body = metadataLogAnswer(answer, {});
    return apiVersion >= 1 ? { ...body, nodeEndpoints: leaderEndpoints(context, answer) } : body;
  },
});
