import { isDiskFailure } from '../../environment/disk-failure.js';
import type { Cancel, Environment } from '../../environment/environment.js';
import { KafkaError, MachineError, messageOf } from '../../model/errors.js';
import type { Uuid } from '../../model/uuid.js';
import { type MetadataRetention, metadataDirectory, openMetadataLog } from './metadata-log.js';
import { metadataRetention } from './metadata-retention.js';
import type { QuorumNode, Voter } from './quorum.js';
import { readQuorumState, writeQuorumState } from './quorum-state.js';
import { announceLeadership, announceResignation } from './raft/announce.js';
import { createAnswers } from './raft/answers.js';
import { askForVotes } from './raft/ask-for-votes.js';
import {
  type Election,
  heardLeader,
  isVoter,
  leaderGone,
  learned,
  type Member,
  NOBODY,
  resigned,
  resumed,
  timedOut,
} from './raft/election.js';
import { follow } from './raft/follow.js';
import { createLeadership, type Leadership } from './raft/leadership.js';
import { createListeners } from './raft/listeners.js';
import { goesAsFar } from './raft/log-end.js';
import { createPatientTimer } from './raft/patient-timer.js';
import { createPeers } from './raft/peers.js';
import type { RaftNode } from './raft/raft-node.js';
import {
  bereavedTimeoutMs,
  checkQuorumTimeoutMs,
  type QuorumTiming,
  quorumTiming,
  startTimeoutMs,
  timeoutAfter,
  waitsOn,
} from './raft/timing.js';

export interface QuorumOptions {
  readonly nodeId: number;
  readonly clusterId: Uuid;
  readonly voters: readonly Voter[];
  readonly dataDirectory: string;
  /** Default: Kafka's. */
  readonly timing?: QuorumTiming;
  /** Default: Kafka's. */
  readonly retention?: MetadataRetention;
}

/** Who does not answer a farewell at once is down, or finds out by itself. */
const LONGEST_FAREWELL_MS = 500;
/** Source: KafkaRaftClient.RaftMetadataLogCleanerManager. */
const CLEANING_INTERVAL_MS = 60_000;

/**
 * Opens a node's copy of the metadata log and takes part in the quorum, as a voter or as an observer. A quorum of one voter leads when this
 * resolves. Rejects with the disk's error, and with MachineError where the log belongs to other voters.
 *
 * What to do is decided in raft/election.ts, as values. Here a step is written down, takes effect, and is told to the others.
 */
export async function openQuorum(environment: Environment, options: QuorumOptions): Promise<QuorumNode> {
  const { clock, disk, random, log: say } = environment;
  const { nodeId, clusterId, voters, dataDirectory, timing = quorumTiming(new Map()), retention = metadataRetention(new Map()) } = options;
  const voterIds = voters.map(({ id }) => id);
  const member: Member = { nodeId, voterIds };
  const otherIds = voterIds.filter((id) => id !== nodeId);
  const directory = metadataDirectory(dataDirectory);
  disk.makeDirectory(directory);
  const saved = readQuorumState(disk, directory);
  if (saved !== null && saved.voterIds.join() !== voterIds.join()) {
    throw new MachineError(`${directory} belongs to the voters ${saved.voterIds}, not to ${voterIds}`);
  }
  let highWatermark = 0n;
  const hasPeers = otherIds.length > 0;
  const log = await openMetadataLog(environment, { dataDirectory, highWatermark: () => highWatermark, retention, hasPeers });
  highWatermark = log.snapshots.all().at(-1)?.id.offset ?? 0n;

  let election: Election = resumed(member, saved && { ...saved, epoch: saved.leaderEpoch }, log.end().epoch);
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
    stopCleaning();
    endLeadership();
    node.peers.close();
    leaderListeners.notify();
  };

  // The epoch and the vote are promises, and must outlive this life. Who leads is heard again: a majority remembers whom it voted for.
  const save = ({ epoch, votedId, leaderId }: Election): boolean => {
    if (epoch === election.epoch && votedId === election.votedId) return true;
    try {
      writeQuorumState(disk, directory, { leaderEpoch: epoch, votedId, leaderId, voterIds });
      return true;
    } catch (error) {
      if (!isDiskFailure(error)) say('error', `quorum-state cannot be written: ${messageOf(error)}`);
      return false;
    }
  };
  const adopt = (next: Election, givenTimeoutMs?: number): boolean => {
    const previous = election;
    if (next === previous || !isOpen) return isOpen;
    const waitsToAct = isVoter(member) && next.role.name !== 'leader';
    const timeoutMs = givenTimeoutMs ?? timeoutAfter(previous, next, timing, random);
    if (!save(next)) {
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
    highWatermark: () => highWatermark,
    isOpen: () => isOpen,
    hear: (fromId, { leaderEpoch, leaderId }) => {
      adopt((fromId === leaderId ? heardLeader : learned)(member, election, leaderEpoch, leaderId));
    },
    commit: (offset) => {
      if (offset <= highWatermark) return;
      highWatermark = offset;
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

  const cleanLater = (): Cancel =>
    clock.after(CLEANING_INTERVAL_MS, () => {
      try {
        log.clean();
      } catch (error) {
        if (!isDiskFailure(error)) say('error', `Old snapshots cannot be forgotten: ${messageOf(error)}`);
      }
      stopCleaning = cleanLater();
    });
  let stopCleaning = cleanLater();
  let closing: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    adopt(resigned(election));
    let stopWaiting: Cancel = () => {};
    const waited = new Promise<void>((resolve) => {
      stopWaiting = clock.after(LONGEST_FAREWELL_MS, resolve);
    });
    await Promise.race([farewell, waited]);
    stopWaiting();
    stop();
    await log.close();
  };

  if (election.role.name === 'follower' || !isVoter(member)) followInBackground(following);
  if (isVoter(member) && otherIds.length > 0) node.timer.start(startTimeoutMs(nodeId, voterIds));
  if (isVoter(member) && otherIds.length === 0) {
    await new Promise<void>((resolve, reject) => {
      electedListeners.add(resolve);
      resignedListeners.add(() => reject(new Error(`the metadata log in ${directory} cannot be led`)));
      adopt(timedOut(member, election));
    });
  }

  return {
    voters,
    get leaderId() {
      return isOpen ? election.leaderId : NOBODY;
    },
    get leaderEpoch() {
      return election.epoch;
    },
    get startOffset() {
      return log.startOffset;
    },
    get endOffset() {
      return log.endOffset;
    },
    get highWatermark() {
      return highWatermark;
    },
    append: (records) => {
      if (leadership === null) throw new KafkaError('NOT_CONTROLLER');
      try {
        log.append(records, election.epoch);
      } catch (error) {
        if (error instanceof KafkaError || !isOpen) throw error;
        say('error', `Resigning in epoch ${election.epoch}: ${messageOf(error)}`);
        adopt(resigned(election));
        throw new KafkaError('NOT_CONTROLLER');
      }
      leadership.appended();
    },
    read: log.read,
    latestSnapshot: () => log.snapshots.all().at(-1) ?? null,
    createSnapshot: (id) => (isOpen && id.offset >= log.startOffset && id.offset <= highWatermark ? log.snapshots.create(id) : null),
    onCommitted: committedListeners.add,
    onElected: (listener) => {
      if (isElected) listener();
      return electedListeners.add(listener);
    },
    onResigned: resignedListeners.add,
    onLeaderChange: leaderListeners.add,
    close: () => {
      closing ??= close();
      return closing;
    },
    ...createAnswers(node, () => leadership, timing),
    replicas: () => {
      const nowMs = clock.now();
      return leadership && { voters: leadership.replicas.voters(nowMs), observers: leadership.replicas.observers(nowMs) };
    },
  };
}

/** What a node is busy with: it changes its timer and its requests only where this changes. */
const stepOf = ({ role, epoch, leaderId, votedId, isOver }: Election): string => [role.name, epoch, leaderId, votedId, isOver].join();
