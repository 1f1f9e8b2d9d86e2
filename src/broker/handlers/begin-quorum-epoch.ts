import { errorCode } from '../../model/error-code.js';
import { beginQuorumEpoch } from '../../protocol/messages/begin-quorum-epoch.js';
import type { ControllerContext } from '../server/controller-context.js';
import { handler } from '../server/handler.js';
import { leaderEndpoints, metadataLogAnswer, metadataLogPartition } from './metadata-log-partition.js';

/**
 * BeginQuorumEpoch: a new leader of the quorum says that it leads (KIP-595).
 *
 * - 1: the voter that is meant, addresses (KIP-853); the voters' are fixed here, so those in the request say nothing new.
 */
export const beginQuorumEpochHandler = handler<ControllerContext>()({
  api: beginQuorumEpoch,
  handle: (context, request, { apiVersion }) => {
    const found = metadataLogPartition(context, request);
    if ('error' in found) return { errorCode: errorCode(found.error), topics: [] };
    const { leaderId, leaderEpoch } = found.partition;
    const answer = context.quorum.beginEpoch({ leaderId, leaderEpoch, voterId: request.voterId });
    const body = metadataLogAnswer(answer, {});
    return apiVersion >= 1 ? { ...body, nodeEndpoints: leaderEndpoints(context, answer) } : body;
  },
});
