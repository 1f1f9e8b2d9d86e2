import { beginQuorumEpoch } from '../../../protocol/messages/begin-quorum-epoch.js';
import { endQuorumEpoch } from '../../../protocol/messages/end-quorum-epoch.js';
import { beginQuorumEpochRequest, endQuorumEpochRequest, partitionOf } from './messages.js';
import type { RaftNode } from './raft-node.js';
import { untilDone } from './until-done.js';

/** Tells each other voter who leads, until it has heard it or shows that it knows. */
export function announceLeadership(node: RaftNode, isNewTo: (voterId: number) => boolean): void {
  const leader = { leaderId: node.member.nodeId, leaderEpoch: node.election().epoch };
  const announce = async (voterId: number): Promise<'done' | 'again'> => {
    const answer = await node.peers.request(voterId, beginQuorumEpoch, beginQuorumEpochRequest(node.clusterId, voterId, leader));
    const told = answer && partitionOf(answer);
    if (told !== null) node.hear(voterId, told);
    return told?.errorCode === 0 ? 'done' : 'again';
  };
  for (const voterId of node.otherIds) {
    node.inBackground(
      untilDone(
        node.environment,
        () => isNewTo(voterId),
        () => announce(voterId),
      ),
    );
  }
}

/**
 * Tells them once that this node leads no more: whoever misses it finds out by itself. Resolves when all have answered or are known to be
 * down.
 */
export async function announceResignation(node: RaftNode, leaderEpoch: number, successors: readonly number[]): Promise<void> {
  const body = endQuorumEpochRequest(node.clusterId, { leaderId: node.member.nodeId, leaderEpoch, successors });
  await Promise.all(node.otherIds.map((voterId) => node.peers.request(voterId, endQuorumEpoch, body)));
}
