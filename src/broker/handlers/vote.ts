import { errorCode } from '../../model/error-code.js';
import { vote } from '../../protocol/messages/vote.js';
import type { ControllerContext } from '../server/controller-context.js';
import { handler } from '../server/handler.js';
import { leaderEndpoints, metadataLogAnswer, metadataLogPartition } from './metadata-log-partition.js';

/**
 * Vote: a voter wants to lead the quorum, or first asks whether it could (KIP-595).
 *
 * - 1: the voter that is meant, the leader's address (KIP-853); 2: pre-vote (KIP-996).
 */
export const voteHandler = handler<ControllerContext>()({
  api: vote,
  handle: (context, request, { apiVersion }) => {
    const found = metadataLogPartition(context, request);
    if ('error' in found) return { errorCode: errorCode(found.error), topics: [] };
    const { replicaId, replicaEpoch, lastOffset, lastOffsetEpoch, preVote } = found.partition;
    const answer = context.quorum.vote({
      voterId: request.voterId,
      candidateId: replicaId,
      epoch: replicaEpoch,
      isPreVote: preVote,
      logEnd: { epoch: lastOffsetEpoch, offset: lastOffset },
    });
    const body = metadataLogAnswer(answer, { voteGranted: answer.isGranted });
    return apiVersion >= 1 ? { ...body, nodeEndpoints: leaderEndpoints(context, answer) } : body;
  },
});
