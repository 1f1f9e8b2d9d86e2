import { isDiskFailure } from '../../../environment/disk-failure.js';
import type { Environment } from '../../../environment/environment.js';
import { messageOf } from '../../../model/errors.js';
import type { Uuid } from '../../../model/uuid.js';
import type { MetadataLog } from '../metadata-log.js';
import type { Voter } from '../quorum.js';
import { announceLeadership, announceResignation } from './announce.js';
import { askForVotes } from './ask-for-votes.js';
import { type Election, heardLeader, isVoter, leaderGone, learned, type Member, resigned, timedOut } from './election.js';
import { follow } from './follow.js';
import { createLeadership, type Leadership } from './leadership.js';
import { createListeners, type Listeners } from './listeners.js';
import { goesAsFar } from './log-end.js';
import { createPatientTimer } from './patient-timer.js';
import { createPeers } from './peers.js';
import type { Promises } from './promises.js';
import type { RaftNode } from './raft-node.js';
import { bereavedTimeoutMs, checkQuorumTimeoutMs, type QuorumTiming, startTimeoutMs, timeoutAfter, waitsOn } from './timing.js';

/** A node that takes part in the quorum: it takes one step of the election after the other, and does what each asks for. */
export interface Participant {
  readonly node: RaftNode;
  /** Null where this node does not lead. */
  readonly leadership: () => Leadership | null;
  /** Whether this node leads, and the first record of its epoch is committed. */
  readonly isElected: () => boolean;
  readonly committed: Listeners;
  readonly elected: Listeners;
  readonly resigned: Listeners;
  readonly leaderChanged: Listeners;
  readonly start: () => void;
  /** It takes part no more. */
  readonly stop: () => void;
  /** Resolves when what was last said of a resignation has been heard, or cannot be. */
  readonly farewell: () => Promise<void>;
}

export interface ParticipantOptions {
  readonly clusterId: Uuid;
  readonly member: Member;
  readonly voters: readonly Voter[];
  readonly log: MetadataLog;
  readonly promises: Promises;
  readonly timing: QuorumTiming;
  readonly highWatermark: () => bigint;
  readonly raiseHighWatermark: (offset: bigint) => void;
  /** It takes part no more. */
  readonly onStopped: () => void;
}

/** What to do is decided in election.ts, as values. Here a step is written down, takes effect, and is told to the others. */
export function createParticipant(environment: Environment, options: ParticipantOptions): Participant {
  const { clock, random, log: say } = environment;
  const { clusterId, member, voters, log, promises, timing, highWatermark, raiseHighWatermark } = options;
  const { nodeId, voterIds } = member;
  const otherIds = voterIds.filter((id) => id !== nodeId);
  let election: Election = promises.resumed(log.end().epoch);
  let leadership: Leadership | null = null;
  let isElected = false;
  let isOpen = true;
  /** Tells what goes on as a follower from what did before. */
  let following = 0;
  let farewell: Promise<void> = Promise.resolve();
  const committedListeners = createListeners();
  const electedListeners = createListeners();
  const resignedListeners = createListeners();
  const leaderListeners = createListeners();

  /** A voter that can't keep its log can't promise anything: it takes part no more. */
  const fail = (error: unknown): void => {
    if (isOpen) say('error', `This node takes no more part in the quorum: ${messageOf(error)}`);
    stop();
  };
  const stop = (): void => {
    if (!isOpen) return;
    isOpen = false;
    following++;
    node.timer.stop();
    options.onStopped();
    endLeadership();
    node.peers.close();
    leaderListeners.notify();
  };

  const adopt = (next: Election, givenTimeoutMs?: number): boolean => {
    const previous = election;
    if (next === previous || !isOpen) return isOpen;
    const waitsToAct = isVoter(member) && next.role.name !== 'leader';
    const timeoutMs = givenTimeoutMs ?? timeoutAfter(previous, next, timing, random);
    if (!promises.save(previous, next)) {
      if (isVoter(member) && leadership === null) node.timer.start(timeoutMs);
      return false;
    }
    election = next;
    if (stepOf(next) === stepOf(previous)) return true;
    const loop = ++following;
    const isWaitingOn = waitsToAct && givenTimeoutMs === undefined && waitsOn(previous, next);
    if (!isWaitingOn) node.timer.stop();
    if (leadership !== null && next.epoch === previous.epoch) {
      farewell = announceResignation(node, next.epoch, leadership.replicas.successors());
    }
    endLeadership();
    if (waitsToAct && !isWaitingOn) node.timer.start(timeoutMs);
    if (next.role.name === 'leader') lead(next.role.grantedBy);
    else if (next.role.name === 'prospective' || next.role.name === 'candidate') askForVotes(node, next.role.name);
    else if (next.role.name === 'follower' || !isVoter(member)) followInBackground(loop);
    if (next.leaderId !== previous.leaderId || next.epoch !== previous.epoch) leaderListeners.notify();
    return true;
  };
  const followInBackground = (loop: number): void => node.inBackground(follow(node, () => isOpen && loop === following));

  const node: RaftNode = {
    ...{ environment, clusterId, member, otherIds, log, adopt },
    peers: createPeers(environment, {
      ...{ nodeId, voters, timeoutMs: timing.requestTimeoutMs },
      onRefused: (voterId) => {
        if (voterId !== election.leaderId || election.role.name !== 'follower' || !isVoter(member)) return;
        adopt(leaderGone(election));
        node.timer.hurry(bereavedTimeoutMs(nodeId, voterIds, voterId));
      },
    }),
    timer: createPatientTimer(clock, () => {
      if (leadership !== null) say('warn', `Resigning in epoch ${election.epoch}: a majority of the voters was not heard of`);
      if (goesAsFar(log.end(), log.promisedEnd())) adopt(timedOut(member, election));
      // It has lost what others count on: it waits for one who has it.
      else node.timer.start(timing.fetchTimeoutMs);
    }),
    election: () => election,
    highWatermark,
    isOpen: () => isOpen,
    hear: (fromId, { leaderEpoch, leaderId }) => {
      adopt((fromId === leaderId ? heardLeader : learned)(member, election, leaderEpoch, leaderId));
    },
    commit: (offset) => {
      if (offset <= highWatermark()) return;
      raiseHighWatermark(offset);
      committedListeners.notify();
      if (leadership === null || isElected || !isOpen) return;
      isElected = true;
      say('info', `Leading the quorum in epoch ${election.epoch}`);
      electedListeners.notify();
    },
    inBackground: (work) => {
      work.catch(fail);
    },
  };

  const lead = (grantedBy: readonly number[]): void => {
    const led = createLeadership({
      ...{ clock, log, member },
      highWatermark: node.highWatermark,
      onCommitted: node.commit,
      onHeard: node.timer.restart,
      onFailed: fail,
    });
    leadership = led;
    try {
      log.appendLeaderChange(election.epoch, { leaderId: nodeId, voterIds, grantedBy });
    } catch (error) {
      if (!isDiskFailure(error)) say('error', `Epoch ${election.epoch} cannot begin: ${messageOf(error)}`);
      adopt(resigned(election));
      return;
    }
    if (otherIds.length > 0) node.timer.start(checkQuorumTimeoutMs(timing));
    led.appended();
    announceLeadership(node, (voterId) => leadership === led && !led.replicas.hasFetched(voterId));
  };
  const endLeadership = (): void => {
    const led = leadership;
    leadership = null;
    isElected = false;
    if (led === null) return;
    led.end();
    resignedListeners.notify();
  };

  return {
    node,
    leadership: () => leadership,
    isElected: () => isElected,
    committed: committedListeners,
    elected: electedListeners,
    resigned: resignedListeners,
    leaderChanged: leaderListeners,
    start: () => {
      if (election.role.name === 'follower' || !isVoter(member)) followInBackground(following);
      if (isVoter(member) && otherIds.length > 0) node.timer.start(startTimeoutMs(nodeId, voterIds));
    },
    stop,
    farewell: () => farewell,
  };
}

/** What a node is busy with: it changes its timer and its requests only where this changes. */
const stepOf = ({ role, epoch, leaderId, votedId, isOver }: Election): string => [role.name, epoch, leaderId, votedId, isOver].join();
