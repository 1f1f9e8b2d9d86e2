import { vote } from '../../../protocol/messages/vote.js';
import { heardVote } from './election.js';
import { partitionOf, voteRequest } from './messages.js';
import type { RaftNode } from './raft-node.js';
import { untilDone } from './until-done.js';

/** Asks each other voter, until it has answered or the question is stale: whether it would vote for this node, or to vote for it. */
export function askForVotes(node: RaftNode, asking: 'prospective' | 'candidate'): void {
  const { member, peers } = node;
  const { epoch } = node.election();
  const isPreVote = asking === 'prospective';
  const isAsking = () => node.isOpen() && node.election().epoch === epoch && node.election().role.name === asking;
  const question = { candidateId: member.nodeId, epoch, isPreVote, logEnd: node.log.end() };
  const ask = async (voterId: number): Promise<'done' | 'again'> => {
    const answer = await peers.request(voterId, vote, voteRequest(node.clusterId, voterId, question));
    const told = answer && partitionOf(answer);
    if (told === null) return 'again';
    node.hear(voterId, told);
    if (told.errorCode !== 0) return 'again';
    node.adopt(heardVote(member, node.election(), { voterId, epoch, isPreVote, isGranted: told.voteGranted }));
    return 'done';
  };
  for (const voterId of node.otherIds) node.inBackground(untilDone(node.environment, isAsking, () => ask(voterId)));
}
