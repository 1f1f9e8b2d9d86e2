import type { ErrorName } from '../../../model/error-code.js';
import type { SnapshotId } from '../snapshot/snapshot-id.js';
import { answeredVote, heardLeader, leaderResigned, type VoteRequest } from './election.js';
import type { Leadership, ReplicaFetch, ReplicaFetched } from './leadership.js';
import type { RaftNode } from './raft-node.js';
import { type QuorumTiming, successionTimeoutMs } from './timing.js';

/** What every answer among voters and observers says. */
export interface QuorumAnswer {
  /**
   * Null for none; FENCED_LEADER_EPOCH, UNKNOWN_LEADER_EPOCH, NOT_LEADER_OR_FOLLOWER, BROKER_NOT_AVAILABLE, INVALID_REQUEST,
   * INVALID_VOTER_KEY.
   */
  readonly error: ErrorName | null;
  readonly leaderId: number;
  readonly leaderEpoch: number;
}
/** What a node answers to the others. */
export interface QuorumAnswers {
  /** A vote that is granted is written down. */
  readonly vote: (request: VoteRequest & { readonly voterId: number }) => QuorumAnswer & { readonly isGranted: boolean };
  readonly beginEpoch: (request: LeaderWord & { readonly voterId: number }) => QuorumAnswer;
  readonly endEpoch: (request: LeaderWord & { readonly successors: readonly number[] }) => QuorumAnswer;
  readonly fetch: (
    request: ReplicaFetch & { readonly leaderEpoch: number },
  ) => Promise<QuorumAnswer & { readonly fetched: ReplicaFetched | null }>;
  /** Errors beside those of every answer: SNAPSHOT_NOT_FOUND, POSITION_OUT_OF_RANGE. */
  readonly fetchSnapshot: (request: SnapshotFetch) => QuorumAnswer & { readonly piece: SnapshotPiece | null };
}
export interface LeaderWord {
  readonly leaderId: number;
  readonly leaderEpoch: number;
}
export interface SnapshotFetch {
  readonly replicaId: number;
  readonly leaderEpoch: number;
  readonly id: SnapshotId;
  readonly position: number;
  readonly maxBytes: number;
}
export interface SnapshotPiece {
  /** Of the whole snapshot. */
  readonly sizeBytes: number;
  readonly bytes: Uint8Array;
}

/** Source: KafkaRaftClient.handleVoteRequest and its like, with their validations. */
export function createAnswers(node: RaftNode, leadership: () => Leadership | null, timing: QuorumTiming): QuorumAnswers {
  const { member, log } = node;
  const answer = (error: ErrorName | null): QuorumAnswer => {
    const { leaderId, epoch: leaderEpoch } = node.election();
    return { error, leaderId, leaderEpoch };
  };
  /** What is wrong with a request of a voter; null for nothing. */
  const refusal = (remoteId: number, epoch: number): ErrorName | null => {
    if (epoch < 0 || remoteId < 0) return 'INVALID_REQUEST';
    if (!node.isOpen()) return 'BROKER_NOT_AVAILABLE';
    return epoch < node.election().epoch ? 'FENCED_LEADER_EPOCH' : null;
  };
  /** What is wrong with a request to the leader of that epoch. */
  const leaderRefusal = (epoch: number): ErrorName | null =>
    refusal(member.nodeId, epoch) ??
    (epoch > node.election().epoch ? 'UNKNOWN_LEADER_EPOCH' : leadership() === null ? 'NOT_LEADER_OR_FOLLOWER' : null);
  /** -1 where the asking node does not say whom it means. */
  const isForAnother = (voterId: number): boolean => voterId >= 0 && voterId !== member.nodeId;

  return {
    vote: (request) => {
      const { candidateId, epoch, isPreVote, logEnd } = request;
      const hasGoneTooFar = isPreVote ? logEnd.epoch > epoch : logEnd.epoch >= epoch;
      const isImpossible = logEnd.offset < 0n || logEnd.epoch < 0 || hasGoneTooFar;
      const error = isImpossible ? 'INVALID_REQUEST' : refusal(candidateId, epoch);
      if (error !== null) return { ...answer(error), isGranted: false };
      if (isForAnother(request.voterId)) return { ...answer('INVALID_VOTER_KEY'), isGranted: false };
      const { election, isGranted } = answeredVote(member, node.election(), request, log.promisedEnd());
      if (!node.adopt(election)) return { ...answer('BROKER_NOT_AVAILABLE'), isGranted: false };
      return { ...answer(null), isGranted };
    },
    beginEpoch: ({ leaderId, leaderEpoch, voterId }) => {
      const error = refusal(leaderId, leaderEpoch);
      if (error !== null) return answer(error);
      if (isForAnother(voterId)) return answer('INVALID_VOTER_KEY');
      const isTaken = node.adopt(heardLeader(member, node.election(), leaderEpoch, leaderId));
      return answer(isTaken ? null : 'BROKER_NOT_AVAILABLE');
    },
    endEpoch: ({ leaderId, leaderEpoch, successors }) => {
      const error = refusal(leaderId, leaderEpoch);
      if (error !== null) return answer(error);
      const next = leaderResigned(member, node.election(), leaderEpoch, leaderId);
      return answer(node.adopt(next, successionTimeoutMs(member.nodeId, successors, timing)) ? null : 'BROKER_NOT_AVAILABLE');
    },
    fetch: async (request) => {
      const error = leaderRefusal(request.leaderEpoch);
      const fetched = error === null ? ((await leadership()?.fetch(request)) ?? null) : null;
      const { leaderId, epoch: leaderEpoch } = node.election();
      return { error: error ?? (fetched === null ? 'NOT_LEADER_OR_FOLLOWER' : null), leaderId, leaderEpoch, fetched };
    },
    fetchSnapshot: ({ replicaId, leaderEpoch, id, position, maxBytes }) => {
      const refused = (error: ErrorName) => ({ ...answer(error), piece: null });
      const error = leaderRefusal(leaderEpoch);
      if (error !== null) return refused(error);
      const snapshot = log.snapshots.find(id);
      if (snapshot === null) return refused('SNAPSHOT_NOT_FOUND');
      if (position < 0 || position >= snapshot.sizeBytes) return refused('POSITION_OUT_OF_RANGE');
      leadership()?.heard(replicaId);
      return { ...answer(null), piece: { sizeBytes: snapshot.sizeBytes, bytes: snapshot.read(position, maxBytes) } };
    },
  };
}
