import type { Cancel, Environment } from '../../environment/environment.js';
import { type ErrorName, errorName } from '../../model/error-code.js';
import { KafkaError } from '../../model/errors.js';
import type { Uuid } from '../../model/uuid.js';
import { beginQuorumEpoch } from '../../protocol/messages/begin-quorum-epoch.js';
import { endQuorumEpoch } from '../../protocol/messages/end-quorum-epoch.js';
import { type FetchResponse, fetch } from '../../protocol/messages/fetch.js';
import { fetchSnapshot } from '../../protocol/messages/fetch-snapshot.js';
import { vote } from '../../protocol/messages/vote.js';
import type { MetadataRecord } from '../../protocol/metadata-records/metadata-record.js';
import { leastOffset } from '../log/offset-bounds.js';
import { type MetadataBatch, type MetadataRetention, metadataDirectory, openMetadataLog } from './metadata-log.js';
import { metadataRetention } from './metadata-retention.js';
import { readQuorumState, writeQuorumState } from './quorum-state.js';
import {
  answeredVote,
  type Election,
  fetched,
  heardLeader,
  heardVote,
  isVoter,
  leaderResigned,
  learned,
  type Member,
  NOBODY,
  resigned,
  resumed,
  timedOut,
  type VoteRequest,
} from './raft/election.js';
import { createLeadership, type Leadership, type ReplicaFetch, type ReplicaFetched } from './raft/leadership.js';
import {
  beginQuorumEpochRequest,
  endQuorumEpochRequest,
  fetchRequest,
  fetchSnapshotRequest,
  partitionOf,
  voteRequest,
} from './raft/messages.js';
import { createPatientTimer } from './raft/patient-timer.js';
import { createPeers } from './raft/peers.js';
import type { Replica } from './raft/replicas.js';
import { checkQuorumTimeoutMs, type QuorumTiming, quorumTiming, startTimeoutMs, successionTimeoutMs, timeoutAfter } from './raft/timing.js';
import { untilDone } from './raft/until-done.js';
import type { SnapshotId } from './snapshot/snapshot-id.js';
import type { PartialSnapshot, StoredSnapshot } from './snapshot/snapshot-store.js';

export interface Voter {
  readonly id: number;
  readonly host: string;
  readonly port: number;
}

/** The metadata log and who leads it, as the controller and the broker half of a node see them. Kafka's RaftClient. */
export interface Quorum {
  readonly voters: readonly Voter[];
  /** -1 where nobody is known to lead. */
  readonly leaderId: number;
  readonly leaderEpoch: number;
  /** Of this node's copy: what stands before it is in a snapshot alone. */
  readonly startOffset: bigint;
  /** What the next record gets, on this node. */
  readonly endOffset: bigint;
  /** All below is committed. Before this node has heard of a leader it is that of its newest snapshot, or 0n. */
  readonly highWatermark: bigint;
  /** Appends as the leader, as one batch. Throws KafkaError NOT_CONTROLLER where this node does not lead. */
  readonly append: (records: readonly MetadataRecord[]) => void;
  /** Batches from `offset` on, of this node's own copy of the log. */
  readonly read: (offset: bigint, upToOffset: bigint, maxBytes: number) => readonly MetadataBatch[];
  readonly latestSnapshot: () => StoredSnapshot | null;
  /** For a snapshot of what is committed below `id.offset`; null where there is one, or where the log begins later. */
  readonly createSnapshot: (id: SnapshotId) => PartialSnapshot | null;
  /** Called whenever the high watermark has risen. */
  readonly onCommitted: (listener: () => void) => Cancel;
  /**
   * Called when this node leads and the first record of its epoch is committed: its log holds all that can be committed, up to its end.
   * At once where that is so already.
   */
  readonly onElected: (listener: () => void) => Cancel;
  /** Called when this node, having led, leads no more. */
  readonly onResigned: (listener: () => void) => Cancel;
  /** Called when `leaderId` or `leaderEpoch` has changed. */
  readonly onLeaderChange: (listener: () => void) => Cancel;
  /** Resolves once the high watermark is where the first leader of this node's life said that it was. */
  readonly caughtUp: () => Promise<void>;
  /** A leader tells the others that it leads no more; then all is synced and closed. */
  readonly close: () => Promise<void>;
}

/** What every answer among voters and observers says. */
export interface QuorumAnswer {
  /** Null for none; FENCED_LEADER_EPOCH, UNKNOWN_LEADER_EPOCH, NOT_LEADER_OR_FOLLOWER, BROKER_NOT_AVAILABLE, INVALID_REQUEST, INVALID_VOTER_KEY. */
  readonly error: ErrorName | null;
  readonly leaderId: number;
  readonly leaderEpoch: number;
}
/** A node's part of the quorum with what it answers to the others. */
export interface QuorumNode extends Quorum {
  readonly vote: (request: VoteRequest & { readonly voterId: number }) => QuorumAnswer & { readonly isGranted: boolean };
  readonly beginEpoch: (request: { readonly leaderId: number; readonly leaderEpoch: number; readonly voterId: number }) => QuorumAnswer;
  readonly endEpoch: (request: {
    readonly leaderId: number;
    readonly leaderEpoch: number;
    readonly successors: readonly number[];
  }) => QuorumAnswer;
  readonly fetch: (
    request: ReplicaFetch & { readonly leaderEpoch: number },
  ) => Promise<QuorumAnswer & { readonly fetched: ReplicaFetched | null }>;
  /** A piece of a snapshot. Errors beside those of the answer: SNAPSHOT_NOT_FOUND, POSITION_OUT_OF_RANGE. */
  readonly fetchSnapshot: (request: SnapshotFetch) => QuorumAnswer & { readonly piece: SnapshotPiece | null };
  /** Null where this node does not lead. */
  readonly replicas: () => { readonly voters: readonly Replica[]; readonly observers: readonly Replica[] } | null;
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

const LONGEST_FAREWELL_MS = 500;
/** Source: RaftClient's KafkaRaftClient.RaftMetadataLogCleanerManager. */
const CLEANING_INTERVAL_MS = 60_000;

/**
 * Opens a node's copy of the metadata log and takes part in the quorum, as a voter or as an observer. A quorum of one voter leads when this
 * resolves. Rejects with the disk's error, and with Error where the log belongs to other voters.
 *
 * What is decided stands in raft/election.ts, as values; here each step is written down, takes effect, and is told to the others.
 */
export async function openQuorum(environment: Environment, options: QuorumOptions): Promise<QuorumNode> {
  const { clock, disk, random, log: say } = environment;
  const { nodeId, clusterId, voters, dataDirectory, timing = quorumTiming(new Map()), retention = metadataRetention(new Map()) } = options;
  const voterIds = voters.map(({ id }) => id);
  const member: Member = { nodeId, voterIds };
  const others = voterIds.filter((id) => id !== nodeId);
  const directory = metadataDirectory(dataDirectory);
  disk.makeDirectory(directory);
  const saved = readQuorumState(disk, directory);
  if (saved !== null && saved.voterIds.join() !== voterIds.join()) {
    throw new Error(`${directory} belongs to the voters ${saved.voterIds}, not to ${voterIds}`);
  }
  let highWatermark = 0n;
  const log = await openMetadataLog(environment, { dataDirectory, highWatermark: () => highWatermark, retention });
  highWatermark = log.snapshots.all().at(-1)?.id.offset ?? 0n;
  const peers = createPeers(environment, { nodeId, voters, timeoutMs: timing.requestTimeoutMs });

  let election: Election = resumed(member, saved && { ...saved, epoch: saved.leaderEpoch }, log.end().epoch);
  let leadership: Leadership | null = null;
  let isElected = false;
  let isOpen = true;
  /** Tells the running loop of fetches from those before. */
  let following = 0;
  let catchUpOffset: bigint | null = null;
  const committedListeners = new Set<() => void>();
  const electedListeners = new Set<() => void>();
  const resignedListeners = new Set<() => void>();
  const leaderListeners = new Set<() => void>();
  const caughtUpListeners = new Set<() => void>();

  const inBackground = (work: Promise<void>): void => {
    work.catch(fail);
  };
  /** A voter that can't sync can't promise anything: it takes part no more. */
  const fail = (error: unknown): void => {
    if (!isOpen) return;
    say('error', `This node takes no more part in the quorum: ${error instanceof Error ? error.message : error}`);
    stop();
  };
  const stop = (): void => {
    if (!isOpen) return;
    isOpen = false;
    following++;
    timer.stop();
    stopCleaning();
    endLeadership();
    peers.close();
    notify(leaderListeners);
  };

  // The epoch and the vote are promises, and must outlive this life. Who leads is heard again: a majority remembers whom it voted for.
  const save = (next: Election): void => {
    const { epoch, votedId, leaderId } = next;
    if (epoch === election.epoch && votedId === election.votedId) return;
    writeQuorumState(disk, directory, { leaderEpoch: epoch, votedId, leaderId, voterIds });
  };
  /** Takes the step, unless it cannot be written down: then nothing has happened. */
  const adopt = (next: Election, givenTimeoutMs?: number): boolean => {
    const previous = election;
    if (next === previous || !isOpen) return isOpen;
    try {
      save(next);
    } catch (error) {
      say('error', `quorum-state cannot be written: ${error instanceof Error ? error.message : error}`);
      if (leadership === null && isVoter(member)) timer.start(timeoutAfter(next, previous, timing, random));
      return false;
    }
    election = next;
    if (stepOf(next) === stepOf(previous)) return true;
    following++;
    timer.stop();
    if (previous.role.name === 'leader') {
      if (next.epoch === previous.epoch) tellResigned();
      endLeadership();
    }
    if (isVoter(member) && next.role.name !== 'leader') timer.start(givenTimeoutMs ?? timeoutAfter(previous, next, timing, random));
    if (next.role.name === 'leader') lead();
    else if (next.role.name === 'prospective' || next.role.name === 'candidate') askForVotes(next.role.name);
    else if (next.role.name === 'follower' || !isVoter(member)) inBackground(follow(following));
    if (next.leaderId !== previous.leaderId || next.epoch !== previous.epoch) notify(leaderListeners);
    return true;
  };
  const hear = (fromId: number, { leaderEpoch, leaderId }: { readonly leaderEpoch: number; readonly leaderId: number }): boolean =>
    adopt((fromId === leaderId ? heardLeader : learned)(member, election, leaderEpoch, leaderId));
  const timer = createPatientTimer(clock, () => {
    if (leadership !== null) say('warn', `Resigning in epoch ${election.epoch}: a majority of the voters was not heard of`);
    adopt(timedOut(member, election));
  });

  const commit = (offset: bigint): void => {
    if (offset <= highWatermark) return;
    highWatermark = offset;
    notify(committedListeners);
    if (catchUpOffset !== null && highWatermark >= catchUpOffset) for (const listener of caughtUpListeners) listener();
    if (leadership === null || isElected || !isOpen) return;
    isElected = true;
    say('info', `Leading the quorum in epoch ${election.epoch}`);
    notify(electedListeners);
  };
  const knowCatchUpOffset = (offset: bigint): void => {
    catchUpOffset ??= offset;
  };

  // ----- leading

  const lead = (): void => {
    const { epoch } = election;
    leadership = createLeadership({
      ...{ clock, log, member },
      highWatermark: () => highWatermark,
      onCommitted: (offset) => {
        knowCatchUpOffset(offset);
        commit(offset);
      },
      onHeard: timer.restart,
      onFailed: fail,
    });
    try {
      log.appendLeaderChange(epoch, nodeId, voterIds);
    } catch (error) {
      say('error', `Epoch ${epoch} cannot begin: ${error instanceof Error ? error.message : error}`);
      adopt(resigned(election));
      return;
    }
    if (others.length > 0) timer.start(checkQuorumTimeoutMs(timing));
    leadership.appended();
    const led = leadership;
    for (const voterId of others) {
      const isWanted = () => leadership === led && !led.replicas.hasFetched(voterId);
      inBackground(
        untilDone(environment, isWanted, async () => {
          const answer = await peers.request(
            voterId,
            beginQuorumEpoch,
            beginQuorumEpochRequest(clusterId, voterId, { leaderId: nodeId, leaderEpoch: epoch }),
          );
          const told = answer && partitionOf(answer);
          if (told !== null) hear(voterId, told);
          return told?.errorCode === 0 ? 'done' : 'again';
        }),
      );
    }
  };
  const endLeadership = (): void => {
    const led = leadership;
    leadership = null;
    isElected = false;
    if (led === null) return;
    led.end();
    notify(resignedListeners);
  };
  let resignationTold: Promise<unknown> = Promise.resolve();
  const tellResigned = (): void => {
    const successors = leadership?.replicas.successors() ?? [];
    const body = endQuorumEpochRequest(clusterId, { leaderId: nodeId, leaderEpoch: election.epoch, successors });
    resignationTold = Promise.all(others.map((voterId) => peers.request(voterId, endQuorumEpoch, body)));
  };

  // ----- asking for votes

  const askForVotes = (asking: 'prospective' | 'candidate'): void => {
    const { epoch } = election;
    const isPreVote = asking === 'prospective';
    const isAsking = () => isOpen && election.epoch === epoch && election.role.name === asking;
    const body = { candidateId: nodeId, epoch, isPreVote, logEnd: log.end() };
    for (const voterId of others) {
      inBackground(
        untilDone(environment, isAsking, async () => {
          const answer = await peers.request(voterId, vote, voteRequest(clusterId, voterId, body));
          const told = answer && partitionOf(answer);
          if (told === null) return 'again';
          hear(voterId, told);
          if (told.errorCode !== 0) return 'again';
          adopt(heardVote(member, election, { voterId, epoch, isPreVote, isGranted: told.voteGranted }));
          return 'done';
        }),
      );
    }
  };

  // ----- following

  let observed = 0;
  /** Any voter knows who leads, or is asked again later. */
  const someVoter = (): number => others[observed++ % others.length] as number;

  const follow = async (loop: number): Promise<void> => {
    const isFollowing = () => isOpen && loop === following;
    let asked = 0;
    while (isFollowing()) {
      await untilDone(environment, isFollowing, async () => {
        const voterId = election.leaderId === NOBODY || asked++ % 2 === 1 ? someVoter() : election.leaderId;
        const { epoch } = election;
        const body = fetchRequest(clusterId, { replicaId: nodeId, epoch, logEnd: log.end(), highWatermark });
        const response = await peers.request(voterId, fetch, body);
        if (response === null || !isFollowing()) return 'again';
        const done = await take(response, voterId, isFollowing);
        if (done === 'done') asked = 0;
        return done;
      });
    }
  };

  const take = async ({ errorCode, responses }: FetchResponse, voterId: number, isFollowing: () => boolean): Promise<'done' | 'again'> => {
    const told = responses[0]?.partitions[0];
    if (errorCode !== 0 || told === undefined) {
      say('warn', `Node ${voterId} refuses a fetch of the metadata log: ${errorName(errorCode)}`);
      return 'again';
    }
    hear(voterId, told.currentLeader);
    if (!isFollowing() || told.errorCode !== 0) return 'again';
    adopt(fetched(election));
    timer.restart();
    const { divergingEpoch, snapshotId, records } = told;
    if (snapshotId.epoch >= 0) return takeSnapshot(voterId, { offset: snapshotId.endOffset, epoch: snapshotId.epoch }, isFollowing);
    try {
      if (divergingEpoch.epoch >= 0) return truncate(divergingEpoch.epoch, divergingEpoch.endOffset);
      if (records !== null && records.byteLength > 0) log.appendFetched(records, election.epoch);
    } catch (error) {
      say('error', `The metadata log cannot follow node ${voterId}: ${error instanceof Error ? error.message : error}`);
      return 'again';
    }
    knowCatchUpOffset(told.highWatermark);
    commit(leastOffset(told.highWatermark, log.endOffset));
    // The next fetch says that all before is kept.
    if (isVoter(member)) while ((await log.flush()) < log.endOffset && isFollowing());
    return 'done';
  };
  /** What this log lacks is no longer in the leader's (KIP-630). */
  const takeSnapshot = async (voterId: number, id: SnapshotId, isFollowing: () => boolean): Promise<'done' | 'again'> => {
    say('info', `Fetching the snapshot of the metadata log at ${id.offset} from node ${voterId}`);
    const partial = log.snapshots.create(id);
    if (partial !== null) {
      try {
        if (!(await download(partial, voterId, isFollowing))) {
          partial.discard();
          return 'again';
        }
        await partial.freeze();
      } catch (error) {
        if (!isOpen) return 'again';
        partial.discard();
        say('error', `The snapshot at ${id.offset} cannot be kept: ${error instanceof Error ? error.message : error}`);
        return 'again';
      }
    }
    if (!isFollowing() || !log.beginAtLatestSnapshot()) return 'again';
    commit(id.offset);
    return 'done';
  };
  const download = async (partial: PartialSnapshot, voterId: number, isFollowing: () => boolean): Promise<boolean> => {
    for (;;) {
      const position = partial.sizeBytes();
      const body = fetchSnapshotRequest(clusterId, { replicaId: nodeId, epoch: election.epoch, id: partial.id, position });
      const response = await peers.request(voterId, fetchSnapshot, body);
      const told = response && partitionOf(response);
      if (told === null || !isFollowing()) return false;
      hear(voterId, told.currentLeader);
      const bytes = told.unalignedRecords;
      if (!isFollowing() || told.errorCode !== 0 || told.position !== position || bytes === null || bytes.byteLength === 0) return false;
      timer.restart();
      partial.append(bytes);
      if (partial.sizeBytes() >= told.size) return true;
    }
  };
  /** To where both logs are the same (KIP-101). */
  const truncate = (epoch: number, leaderEndOffset: bigint): 'done' | 'again' => {
    const own = log.endOfEpoch(epoch) ?? log.end();
    const offset = own.epoch === epoch && own.offset > leaderEndOffset ? leaderEndOffset : own.offset;
    if (offset < highWatermark) throw new Error(`it would be cut to ${offset}, below what is committed (${highWatermark})`);
    if (offset >= log.endOffset) throw new Error(`it differs from the leader's, but not below ${offset}`);
    say('info', `Truncating the metadata log to ${offset} as the leader of epoch ${election.epoch} has it`);
    log.truncateTo(offset);
    return 'done';
  };

  // ----- answering

  const answer = (error: ErrorName | null): QuorumAnswer => ({ error, leaderId: election.leaderId, leaderEpoch: election.epoch });
  /** What is wrong with a request among voters; null for nothing. */
  const refusal = (remoteId: number, epoch: number): ErrorName | null => {
    if (epoch < 0 || remoteId < 0) return 'INVALID_REQUEST';
    if (!isOpen) return 'BROKER_NOT_AVAILABLE';
    return epoch < election.epoch ? 'FENCED_LEADER_EPOCH' : null;
  };
  const isForAnother = (voterId: number): boolean => voterId >= 0 && voterId !== nodeId;

  const begin = async (): Promise<void> => {
    if (isVoter(member)) {
      if (others.length === 0) adopt(timedOut(member, election));
      else timer.start(startTimeoutMs(nodeId, voterIds));
    }
    if (election.role.name === 'follower' || !isVoter(member)) inBackground(follow(following));
    if (others.length > 0 || isElected) return;
    await new Promise<void>((resolve, reject) => {
      committedListeners.add(resolve);
      leaderListeners.add(() => reject(new Error(`the metadata log in ${directory} cannot be led`)));
    });
  };
  const cleanNowAndThen = (): Cancel =>
    clock.after(CLEANING_INTERVAL_MS, () => {
      log.clean();
      stopCleaning = cleanNowAndThen();
    });
  let stopCleaning = cleanNowAndThen();
  let closing: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    // Who does not answer at once is down, or learns it by itself.
    const waited = new Promise<void>((resolve) => clock.after(LONGEST_FAREWELL_MS, resolve));
    if (adopt(resigned(election))) await Promise.race([resignationTold, waited]);
    stop();
    await log.close();
  };
  await begin();

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
      log.append(records, election.epoch);
      leadership.appended();
    },
    read: log.read,
    latestSnapshot: () => log.snapshots.all().at(-1) ?? null,
    createSnapshot: (id) => (isOpen && id.offset >= log.startOffset && id.offset <= highWatermark ? log.snapshots.create(id) : null),
    onCommitted: (listener) => listenTo(committedListeners, listener),
    onElected: (listener) => {
      if (isElected) listener();
      return listenTo(electedListeners, listener);
    },
    onResigned: (listener) => listenTo(resignedListeners, listener),
    onLeaderChange: (listener) => listenTo(leaderListeners, listener),
    caughtUp: () =>
      catchUpOffset !== null && highWatermark >= catchUpOffset
        ? Promise.resolve()
        : new Promise((resolve) => caughtUpListeners.add(resolve)),
    close: () => {
      closing ??= close();
      return closing;
    },

    vote: (request) => {
      const { candidateId, epoch, isPreVote, logEnd } = request;
      const hasGoneTooFar = isPreVote ? logEnd.epoch > epoch : logEnd.epoch >= epoch;
      const error = logEnd.offset < 0n || logEnd.epoch < 0 || hasGoneTooFar ? 'INVALID_REQUEST' : refusal(candidateId, epoch);
      if (error !== null) return { ...answer(error), isGranted: false };
      if (isForAnother(request.voterId)) return { ...answer('INVALID_VOTER_KEY'), isGranted: false };
      const { election: next, isGranted } = answeredVote(member, election, request, log.end());
      if (!adopt(next)) return { ...answer('BROKER_NOT_AVAILABLE'), isGranted: false };
      return { ...answer(null), isGranted };
    },
    beginEpoch: ({ leaderId, leaderEpoch, voterId }) => {
      const error = refusal(leaderId, leaderEpoch);
      if (error !== null) return answer(error);
      if (isForAnother(voterId)) return answer('INVALID_VOTER_KEY');
      return answer(adopt(heardLeader(member, election, leaderEpoch, leaderId)) ? null : 'BROKER_NOT_AVAILABLE');
    },
    endEpoch: ({ leaderId, leaderEpoch, successors }) => {
      const error = refusal(leaderId, leaderEpoch);
      if (error !== null) return answer(error);
      const next = leaderResigned(member, election, leaderEpoch, leaderId);
      return answer(adopt(next, successionTimeoutMs(nodeId, successors, timing)) ? null : 'BROKER_NOT_AVAILABLE');
    },
    fetch: async (request) => {
      const error = refusal(0, request.leaderEpoch);
      if (error !== null) return { ...answer(error), fetched: null };
      if (request.leaderEpoch > election.epoch) return { ...answer('UNKNOWN_LEADER_EPOCH'), fetched: null };
      const result = (await leadership?.fetch(request)) ?? null;
      return { ...answer(result === null ? 'NOT_LEADER_OR_FOLLOWER' : null), fetched: result };
    },
    fetchSnapshot: ({ replicaId, leaderEpoch, id, position, maxBytes }) => {
      const refused = (error: ErrorName) => ({ ...answer(error), piece: null });
      const error = refusal(0, leaderEpoch);
      if (error !== null) return refused(error);
      if (leaderEpoch > election.epoch) return refused('UNKNOWN_LEADER_EPOCH');
      if (leadership === null) return refused('NOT_LEADER_OR_FOLLOWER');
      const snapshot = log.snapshots.find(id);
      if (snapshot === null) return refused('SNAPSHOT_NOT_FOUND');
      if (position < 0 || position >= snapshot.sizeBytes) return refused('POSITION_OUT_OF_RANGE');
      leadership.heard(replicaId);
      return { ...answer(null), piece: { sizeBytes: snapshot.sizeBytes, bytes: snapshot.read(position, maxBytes) } };
    },
    replicas: () => {
      const nowMs = clock.now();
      return leadership && { voters: leadership.replicas.voters(nowMs), observers: leadership.replicas.observers(nowMs) };
    },
  };
}

/** What a node is busy with: it changes its timer and its requests only where this changes. */
const stepOf = ({ role, epoch, leaderId, votedId, isOver }: Election): string => [role.name, epoch, leaderId, votedId, isOver].join();

const notify = (listeners: Iterable<() => void>): void => {
  for (const listener of [...listeners]) listener();
};

function listenTo(listeners: Set<() => void>, listener: () => void): Cancel {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
