import { goesAsFar, type LogEnd } from './log-end.js';

/**
 * Who leads the quorum, as one node sees it, and what the node does about it. A value: each function here gives the next one and does
 * nothing else, so that a step can be written down before it takes effect.
 *
 * A node that hears of no leader becomes *prospective* and asks whether the others would vote for it (KIP-996); only a majority makes it a
 * *candidate*, in a new epoch (KIP-595). So a node that was cut off comes back without disturbing anybody. Source: QuorumState.
 */
export interface Election {
  readonly epoch: number;
  /** Whom this node voted for in this epoch, NOBODY at first. Never changes to somebody else within an epoch. */
  readonly votedId: number;
  /** Who leads this epoch, as far as this node knows. */
  readonly leaderId: number;
  /** The epoch had a leader, which leads no more: nobody will ever lead it again. */
  readonly isOver: boolean;
  readonly role: Role;
}
export type Role =
  | { readonly name: 'unattached' }
  /** `hasFetched`: since it follows this leader, it has had an answer of it. */
  | { readonly name: 'follower'; readonly hasFetched: boolean }
  | { readonly name: 'prospective'; readonly votes: Votes }
  | { readonly name: 'candidate'; readonly votes: Votes }
  | { readonly name: 'leader'; readonly grantedBy: readonly number[] };
export interface Votes {
  readonly granted: ReadonlySet<number>;
  readonly rejected: ReadonlySet<number>;
}
export const NOBODY = -1;

/** One node among the voters, or an observer of them: these never change (kraft.version 0). */
export interface Member {
  readonly nodeId: number;
  readonly voterIds: readonly number[];
}
export const isVoter = ({ nodeId, voterIds }: Member): boolean => voterIds.includes(nodeId);
export const majorityOf = (voterIds: readonly number[]): number => Math.floor(voterIds.length / 2) + 1;

const unattached: Role = { name: 'unattached' };
const newFollower: Role = { name: 'follower', hasFetched: false };
const only = (id: number): Votes => ({ granted: new Set([id]), rejected: new Set() });

/** What a node begins its life with. Who led in its last life leads no more: it cannot know what it had promised. */
export function resumed(
  { nodeId }: Member,
  saved: Pick<Election, 'epoch' | 'votedId' | 'leaderId'> | null,
  lastRecordEpoch: number,
): Election {
  if (saved === null || saved.epoch < lastRecordEpoch) return inEpoch(lastRecordEpoch, NOBODY);
  const isOver = saved.leaderId === nodeId;
  return { ...inEpoch(saved.epoch, isOver ? NOBODY : saved.leaderId), votedId: saved.votedId, isOver };
}

const inEpoch = (epoch: number, leaderId: number): Election => ({
  ...{ epoch, votedId: NOBODY, leaderId, isOver: false },
  role: leaderId === NOBODY ? unattached : newFollower,
});

/** Any message tells of an epoch and perhaps of its leader; an older epoch says nothing. */
export function learned({ nodeId }: Member, election: Election, epoch: number, leaderId: number): Election {
  if (epoch < election.epoch) return election;
  // Nobody can tell a node that it leads.
  const leader = leaderId === nodeId ? NOBODY : leaderId;
  if (epoch > election.epoch) return inEpoch(epoch, leader);
  if (leader === NOBODY || election.leaderId !== NOBODY || election.isOver) return election;
  return { ...election, leaderId: leader, role: newFollower };
}

/** The leader itself says that it leads: a prospective node follows it again. */
export function heardLeader(member: Member, election: Election, epoch: number, leaderId: number): Election {
  const known = learned(member, election, epoch, leaderId);
  const isOfLeader = known.epoch === epoch && known.leaderId === leaderId && leaderId !== member.nodeId;
  return isOfLeader && known.role.name === 'prospective' ? { ...known, role: newFollower } : known;
}

/** The leader answered this follower. */
export const fetched = (election: Election): Election =>
  election.role.name === 'follower' && !election.role.hasFetched ? { ...election, role: { name: 'follower', hasFetched: true } } : election;

/** Nobody listens where the leader was, so its process is gone: another leader is as welcome as if it had never been heard of. */
export const leaderGone = (election: Election): Election =>
  election.role.name === 'follower' && election.role.hasFetched ? { ...election, role: newFollower } : election;

/**
 * What a node does that has waited long enough: a voter asks for votes, or gives up those it asked for. A candidate whose votes were split
 * asks anew whether it would be voted for. Source: KafkaRaftClient.pollCandidate, pollProspective.
 */
export function timedOut(member: Member, election: Election): Election {
  switch (election.role.name) {
    case 'leader':
      return resigned(election);
    case 'prospective':
      return lost(election);
    default:
      return isVoter(member) ? counted(member, { ...election, role: { name: 'prospective', votes: only(member.nodeId) } }) : election;
  }
}

/** The leader gives up its epoch. */
export const resigned = (election: Election): Election =>
  election.role.name === 'leader' ? { ...election, leaderId: NOBODY, isOver: true, role: unattached } : election;

/** The leader says that it gives up its epoch. */
export function leaderResigned(member: Member, election: Election, epoch: number, leaderId: number): Election {
  const known = learned(member, election, epoch, leaderId);
  if (known.epoch !== epoch || known.leaderId !== leaderId || leaderId === member.nodeId) return known;
  return { ...known, leaderId: NOBODY, isOver: true, role: unattached };
}

export interface VoteRequest {
  readonly candidateId: number;
  /** In a pre-vote the epoch that the asking node is in, otherwise the one that it wants to lead. */
  readonly epoch: number;
  readonly isPreVote: boolean;
  readonly logEnd: LogEnd;
}

/** Whether to vote for who asks. A pre-vote binds nobody; a vote is in `election.votedId` and must be written down before it is told. */
export function answeredVote(
  member: Member,
  election: Election,
  { candidateId, epoch, isPreVote, logEnd }: VoteRequest,
  ownLogEnd: LogEnd,
): { readonly election: Election; readonly isGranted: boolean } {
  const known = learned(member, election, epoch, NOBODY);
  const mayLead = epoch === known.epoch && member.voterIds.includes(candidateId) && goesAsFar(logEnd, ownLogEnd);
  if (isPreVote) return { election: known, isGranted: mayLead && !hasLeader(known) };
  if (known.votedId === candidateId) return { election: known, isGranted: mayLead };
  const isFree = known.votedId === NOBODY && known.leaderId === NOBODY && !known.isOver;
  if (!mayLead || !isFree) return { election: known, isGranted: false };
  return { election: { ...known, votedId: candidateId, role: unattached }, isGranted: true };
}

/** A leader that this node has heard of lately, or is: there is no need for another. */
const hasLeader = ({ role }: Election): boolean => role.name === 'leader' || (role.name === 'follower' && role.hasFetched);

/** An answer to what a prospective node (`isPreVote`) or a candidate asked in `epoch`. */
export function heardVote(
  member: Member,
  election: Election,
  answer: { readonly voterId: number; readonly epoch: number; readonly isPreVote: boolean; readonly isGranted: boolean },
): Election {
  const { role } = election;
  const isAsked = role.name === (answer.isPreVote ? 'prospective' : 'candidate') && answer.epoch === election.epoch;
  if (!isAsked || (role.name !== 'prospective' && role.name !== 'candidate') || !member.voterIds.includes(answer.voterId)) return election;
  const { granted, rejected } = role.votes;
  const votes = answer.isGranted
    ? { granted: new Set([...granted, answer.voterId]), rejected }
    : { granted, rejected: new Set([...rejected, answer.voterId]) };
  return counted(member, { ...election, role: { name: role.name, votes } });
}

function counted(member: Member, election: Election): Election {
  const { role, epoch } = election;
  if (role.name !== 'prospective' && role.name !== 'candidate') return election;
  const majority = majorityOf(member.voterIds);
  if (role.votes.rejected.size > member.voterIds.length - majority) return lost(election);
  if (role.votes.granted.size < majority) return election;
  if (role.name === 'candidate')
    return { ...election, leaderId: member.nodeId, role: { name: 'leader', grantedBy: [...role.votes.granted] } };
  const { nodeId } = member;
  const candidate: Role = { name: 'candidate', votes: only(nodeId) };
  return counted(member, { epoch: epoch + 1, votedId: nodeId, leaderId: NOBODY, isOver: false, role: candidate });
}

/** Back to the leader where one is known: the others hear of it still. */
const lost = (election: Election): Election => ({ ...election, role: election.leaderId === NOBODY ? unattached : newFollower });
