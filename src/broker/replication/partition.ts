import type { ErrorName } from '../../model/error-code.js';
import { KafkaError } from '../../model/errors.js';
import { type TopicPartition, topicPartitionName } from '../../model/topic-partition.js';
import type { Uuid } from '../../model/uuid.js';
import { NO_LEADER, type PartitionImage } from '../controller/image.js';
import type { AppendInfo, EpochEndOffset, Log } from '../log/log.js';
import type { FollowerFetch, FollowerReplica } from './follower-replica.js';
import type { IsrProposal } from './in-sync-replicas.js';
import { takeIsrAnswer } from './isr-answer.js';
import type { IsrAnswer } from './isr-changes.js';
import { type ClusterView, LeaderState } from './leader-state.js';
import { type Isolation, type LeaderClaim, type ReadRequest, type ReadResult, readLog } from './read-log.js';
import { type ReadLimits, RecentRecords, type RecentRecordsBudget } from './recent-records.js';
import { ReplicaLog } from './replica-log.js';
import { WaiterList } from './waiters.js';

export interface Append {
  readonly info: AppendInfo;
  /** What the answer must wait for besides, where flush.messages wants the records synced: rejects with the disk's error. */
  readonly durable: Promise<void> | null;
}
/** What all partitions of a node share. */
export interface PartitionSurroundings {
  readonly cluster: ClusterView;
  readonly recentRecordsBudget: RecentRecordsBudget;
  /** Asks the controller for a change of the ISR. `settle` is called with its answer, once or never. */
  readonly changeIsr: (partition: Partition, proposal: IsrProposal, settle: (answer: IsrAnswer) => void) => void;
}
export interface PartitionOptions {
  readonly topicId: Uuid;
  readonly log: Log;
  /** What the checkpoint file says. */
  readonly highWatermark: bigint;
}

/**
 * One replica of a partition: its log, and who leads it in which epoch; where that is this node, whom it waits for and what it proposes.
 * Every method but `flush` is one synchronous transition; whoever waits for a change of the log's end, the high watermark, the low
 * watermark, the leadership or for the deletion joins `waiters`. Source: kafka.cluster.Partition.
 */
export class Partition {
  readonly topicPartition: TopicPartition;
  readonly topicId: Uuid;
  readonly log: Log;
  readonly waiters = new WaiterList();
  readonly replica: ReplicaLog;
  readonly #surroundings: PartitionSurroundings;
  #image: PartitionImage | null = null;
  /** Null while another node leads, or none. */
  #leader: LeaderState | null = null;
  /** Null where this node does not lead, or has no followers. */
  #recent: RecentRecords | null = null;

  constructor({ log, topicId, highWatermark }: PartitionOptions, surroundings: PartitionSurroundings) {
    this.#surroundings = surroundings;
    this.topicPartition = log.topicPartition;
    this.topicId = topicId;
    this.log = log;
    this.replica = new ReplicaLog({ log, highWatermark, waiters: this.waiters, monotonicMs: surroundings.cluster.monotonicMs });
  }

  get isLeader(): boolean {
    return this.#leader !== null;
  }
  /** NO_LEADER where nobody leads. */
  get leaderId(): number {
    return this.#image?.leader ?? NO_LEADER;
  }
  get leaderEpoch(): number {
    return this.#image?.leaderEpoch ?? -1;
  }
  /** What only the leader knows; null on all others. */
  get leader(): Pick<LeaderState, 'isr' | 'followers' | 'epochStartOffset'> | null {
    return this.#leader;
  }
  /** The first offset that is not committed. */
  get highWatermark(): bigint {
    return this.replica.highWatermark;
  }
  /** The first offset that an open transaction may still take back. */
  get lastStableOffset(): bigint {
    return this.replica.lastStableOffset;
  }
  get msSinceFlush(): number {
    return this.replica.msSinceFlush;
  }
  get hasUnflushed(): boolean {
    return this.log.recoveryPoint < this.log.endOffset;
  }
  /** The least log start over the replicas that are alive. Throws KafkaError NOT_LEADER_OR_FOLLOWER. */
  get lowWatermark(): bigint {
    return this.#leading().lowWatermark(this.log.startOffset);
  }

  /**
   * Takes on what committed metadata says of this partition; what is older than the controller's last answer is passed over. True
   * where a new leader epoch begins. As the leader, it begins at the log's end, and nothing is cut off.
   */
  updateMetadata(image: PartitionImage): boolean {
    const knownEpoch = this.#leader?.partitionEpoch ?? this.#image?.partitionEpoch ?? -1;
    if (image.partitionEpoch < knownEpoch) return false;
    const isNewEpoch = image.leaderEpoch > this.leaderEpoch;
    this.#image = image;
    const { cluster, recentRecordsBudget } = this.#surroundings;
    if (image.leader === cluster.nodeId) {
      const { endOffset } = this.log;
      if (this.#leader === null) this.#leader = new LeaderState(cluster, image, endOffset);
      else this.#leader.update(image, endOffset);
      if (image.replicas.length > 1) this.#recent ??= new RecentRecords(recentRecordsBudget);
      // KIP-101: though nothing is appended yet, followers with records of epochs in between learn where those end.
      if (isNewEpoch) this.log.assignEpochStartOffset(image.leaderEpoch, endOffset);
      this.#advanceHighWatermark();
    } else this.#resign();
    this.waiters.wake();
    return isNewEpoch;
  }

  /**
   * Why who claims this gets no answer here, or null: after an election thousands at once do not, and an error costs more than the look.
   * Source: Kafka's Partition.localLogWithEpochOrThrow.
   */
  refusalOf({ currentLeaderEpoch, onlyLeader }: LeaderClaim): ErrorName | null {
    if (currentLeaderEpoch >= 0 && currentLeaderEpoch < this.leaderEpoch) return 'FENCED_LEADER_EPOCH';
    if (currentLeaderEpoch > this.leaderEpoch) return 'UNKNOWN_LEADER_EPOCH';
    return onlyLeader && !this.isLeader ? 'NOT_LEADER_OR_FOLLOWER' : null;
  }
  /** Throws KafkaError for what `refusalOf` says. */
  checkLeader(claim: LeaderClaim): void {
    const refusal = this.refusalOf(claim);
    if (refusal !== null) throw new KafkaError(refusal);
  }

  /**
   * Appends a client's batch. Throws KafkaError as Kafka answers the client (see Log.appendAsLeader; and NOT_ENOUGH_REPLICAS for
   * acks=-1 while the ISR is smaller than min.insync.replicas), and the disk's error with the log as it was. Where flush.messages
   * is reached, the records count as this replica's once they are synced.
   */
  append(records: Uint8Array, acks: number): Append {
    const leader = this.#leading();
    const { minInsyncReplicas } = this.log.config;
    if (acks === -1 && leader.isr.committed.length < leader.minIsr(minInsyncReplicas)) throw new KafkaError('NOT_ENOUGH_REPLICAS');
    const info = this.log.appendAsLeader(records, leader.epoch, 'client');
    if (info.isDuplicate) return { info, durable: this.#whenSynced(this.replica.noteDuplicate(info)) };
    // In any other compression the log has other bytes.
    if (this.log.config.compressionType === 'producer') this.#recent?.noteAppend(info.firstOffset, this.log.endOffset, records);
    const durable = this.replica.noteAppend(info);
    this.#advanceHighWatermark();
    // Followers need not wait for this replica's disk.
    this.waiters.wake();
    return { info, durable: this.#whenSynced(durable) };
  }

  /**
   * What becomes of an append with acks=-1 that ends before `endOffset`: replicated, an error of Kafka's
   * (NOT_ENOUGH_REPLICAS_AFTER_APPEND, NOT_LEADER_OR_FOLLOWER), or null while it must wait. Source: checkEnoughReplicasReachOffset.
   */
  replicationOf(endOffset: bigint): 'replicated' | ErrorName | null {
    if (this.#leader === null) return 'NOT_LEADER_OR_FOLLOWER';
    if (this.highWatermark < endOffset) return null;
    const isEnough = this.#leader.isr.maximalSize >= this.#leader.minIsr(this.log.config.minInsyncReplicas);
    return isEnough ? 'replicated' : 'NOT_ENOUGH_REPLICAS_AFTER_APPEND';
  }

  /**
   * Throws KafkaError: OFFSET_OUT_OF_RANGE, and those of `checkLeader` and, for a replica that nobody assigned, of LeaderState.follower.
   */
  read(request: ReadRequest): ReadResult {
    this.checkLeader(request);
    const follower = request.follower === null ? null : this.#leading().follower(request.follower.replicaId, request.currentLeaderEpoch);
    const noteFetch = () => {
      if (follower !== null && request.follower?.isFirstLook === true) this.#noteFetch(follower, request.follower, request.offset);
    };
    return readLog(this, request, noteFetch);
  }

  endFor(isolation: Isolation): bigint {
    return this.replica.endFor(isolation);
  }
  bytesFor(isolation: Isolation): number {
    return this.replica.bytesFor(isolation);
  }

  /** KIP-101; null where the log cannot say. */
  endOffsetForEpoch(leaderEpoch: number): EpochEndOffset | null {
    return this.log.endOffsetForEpoch(leaderEpoch);
  }

  /**
   * Raises the leader's log start; followers learn of it by their fetches. Above the high watermark it throws KafkaError
   * OFFSET_OUT_OF_RANGE.
   */
  deleteRecordsBefore(offset: bigint): void {
    if (this.log.deleteRecordsBefore(offset)) this.waiters.wake();
  }

  /**
   * Something that the high watermark depends on may be another, though nobody has fetched: who is alive, how many must be in sync, how long
   * ago who is not in sync was caught up.
   */
  reviewHighWatermark(): void {
    if (this.#advanceHighWatermark()) this.waiters.wake();
  }

  /** Proposes the ISR without the followers that lag; does nothing on others than the leader. */
  shrinkIsr(): void {
    this.reviewHighWatermark();
    const proposal = this.#leader?.proposeShrink(this.log.endOffset) ?? null;
    if (proposal !== null) this.#changeIsr(proposal);
  }
  /** The node stood still, so that no follower could fetch: their lag is measured anew. */
  forgiveLag(): void {
    this.#leader?.forgiveLag();
  }

  /** Syncs what was appended before the call; rejects with the disk's error. */
  async flush(): Promise<void> {
    await this.#whenSynced(this.replica.flush());
  }

  /** Its topic is gone, or it is placed elsewhere: the records go too. Whoever waits finds it gone. */
  delete(): void {
    this.#resign();
    this.waiters.wake();
    this.log.delete();
  }

  /** What a follower reads. */
  readToEnd(offset: bigint, options: ReadLimits): Uint8Array {
    return this.#recent === null ? this.log.read(offset, options) : this.#recent.read(this.log, offset, options);
  }

  #resign(): void {
    this.#leader = null;
    this.#recent?.forgetAll();
    this.#recent = null;
  }

  /** Throws KafkaError NOT_LEADER_OR_FOLLOWER where another node leads. */
  #leading(): LeaderState {
    if (this.#leader === null) throw new KafkaError('NOT_LEADER_OR_FOLLOWER');
    return this.#leader;
  }

  /** The leader's own log may be what the high watermark waited for. */
  #whenSynced(synced: Promise<void> | null): Promise<void> | null {
    return (
      synced?.then(() => {
        if (this.#advanceHighWatermark()) this.waiters.wake();
      }) ?? null
    );
  }

  #noteFetch(follower: FollowerReplica, fetch: FollowerFetch, fetchOffset: bigint): void {
    const leader = this.#leading();
    const { logStartOffset } = follower;
    // Each by its name: to spread them takes V8 a slow path, and this is done for each partition of each fetch.
    const position = { fetchOffset, logStartOffset: fetch.logStartOffset, brokerEpoch: fetch.brokerEpoch, liveness: fetch.liveness };
    leader.noteFetch(follower, position, this.log.endOffset);
    const proposal = leader.proposeExpansion(follower, this.highWatermark);
    if (proposal !== null) this.#changeIsr(proposal);
    if (this.#advanceHighWatermark() || follower.logStartOffset !== logStartOffset) this.waiters.wake();
  }

  #changeIsr(proposal: IsrProposal): void {
    this.#surroundings.changeIsr(this, proposal, (answer) => {
      const outcome = takeIsrAnswer(this.#leader, proposal, answer);
      if (outcome === 'changed') {
        this.#advanceHighWatermark();
        this.waiters.wake();
      }
      // It may have waited for whoever was to join.
      if (outcome === 'dropped') this.reviewHighWatermark();
      if (outcome === 'again') this.#changeIsr(proposal);
    });
  }

  /** True where it rose; whoever waits is to be woken then. */
  #advanceHighWatermark(): boolean {
    const offset =
      this.#leader?.committableOffset(this.replica.durableEndOffset, this.log.endOffset, this.log.config.minInsyncReplicas) ?? null;
    if (offset === null || !this.replica.raiseHighWatermark(offset)) return false;
    this.#recent?.forgetBelow(offset);
    return true;
  }

  toString(): string {
    return topicPartitionName(this.topicPartition);
  }
}
