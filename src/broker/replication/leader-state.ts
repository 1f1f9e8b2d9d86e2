import { KafkaError } from '../../model/errors.js';
import type { BrokerImage, PartitionImage } from '../controller/image.js';
import { type FollowerPosition, FollowerReplica } from './follower-replica.js';
import { InSyncReplicas, type IsrProposal } from './in-sync-replicas.js';

/** What a leader must know of the cluster around it. */
export interface ClusterView {
  readonly nodeId: number;
  readonly monotonicMs: () => number;
  /** replica.lag.time.max.ms */
  readonly replicaLagTimeMaxMs: () => number;
  /** Of this life of the node. */
  readonly brokerEpoch: () => number;
  /** As committed metadata has it. */
  readonly brokerOf: (brokerId: number) => BrokerImage | undefined;
}

/**
 * What the leader of a partition keeps beside its log, for as long as it leads: its followers and the ISR. It changes no log and sends
 * nothing; Partition does. Source: kafka.cluster.Partition.
 */
export class LeaderState {
  readonly #cluster: ClusterView;
  readonly #followers = new Map<number, FollowerReplica>();
  #epoch: number;
  #epochStartOffset: bigint;
  #isr: InSyncReplicas;
  #partitionEpoch: number;

  /** `endOffset` is the log's at the moment: where the epoch begins. */
  constructor(cluster: ClusterView, image: PartitionImage, endOffset: bigint) {
    this.#cluster = cluster;
    this.#epoch = image.leaderEpoch;
    this.#epochStartOffset = endOffset;
    this.#isr = new InSyncReplicas(image.isr);
    this.#partitionEpoch = image.partitionEpoch;
    this.#assign(image);
    this.#beginEpoch(image, true);
  }

  get epoch(): number {
    return this.#epoch;
  }
  /** The log's end when the epoch began: what lies below was appended by other leaders, or by this one before. */
  get epochStartOffset(): bigint {
    return this.#epochStartOffset;
  }
  get isr(): InSyncReplicas {
    return this.#isr;
  }
  get followers(): Iterable<FollowerReplica> {
    return this.#followers.values();
  }

  /**
   * Later metadata under which this node leads on. A new epoch begins at the log's end. If it is the next one, nothing is forgotten of the
   * followers' logs; else another node may have led in between, and have had them truncate.
   */
  update(image: PartitionImage, endOffset: bigint): void {
    const passedEpochs = image.leaderEpoch - this.#epoch;
    // What the controller has answered before comes again as metadata; what was proposed since may still be granted.
    if (image.partitionEpoch > this.#partitionEpoch) this.#isr = new InSyncReplicas(image.isr);
    this.#partitionEpoch = image.partitionEpoch;
    this.#assign(image);
    if (passedEpochs === 0) return;
    this.#epoch = image.leaderEpoch;
    this.#epochStartOffset = endOffset;
    this.#beginEpoch(image, passedEpochs > 1);
  }

  /**
   * Throws KafkaError UNKNOWN_LEADER_EPOCH, or NOT_LEADER_OR_FOLLOWER where the request has no epoch, for who is no replica as far as this
   * node knows.
   */
  follower(brokerId: number, currentLeaderEpoch: number): FollowerReplica {
    const follower = this.#followers.get(brokerId);
    // One that knows the epoch knows of an assignment that hasn't come here yet: it should ask again.
    if (follower === undefined) throw new KafkaError(currentLeaderEpoch >= 0 ? 'UNKNOWN_LEADER_EPOCH' : 'NOT_LEADER_OR_FOLLOWER');
    return follower;
  }

  /** Throws KafkaError NOT_LEADER_OR_FOLLOWER for a fetch from an earlier life of the follower (KIP-903). */
  noteFetch(follower: FollowerReplica, position: FollowerPosition, leaderEndOffset: bigint): void {
    const registered = this.#cluster.brokerOf(follower.brokerId);
    const isStale = position.brokerEpoch !== -1 && registered?.isFenced === false && registered.epoch > position.brokerEpoch;
    if (isStale) throw new KafkaError('NOT_LEADER_OR_FOLLOWER');
    follower.noteFetch(position, leaderEndOffset, this.#cluster.monotonicMs());
  }

  /** min.insync.replicas, but never more than there are replicas. */
  minIsr(minInsyncReplicas: number): number {
    return Math.min(minInsyncReplicas, this.#followers.size + 1);
  }

  /**
   * What the high watermark may rise to: the least log end over all that are or may be members of the ISR, and over those that are about
   * to join it (or it would run away from them). Null while the ISR is smaller than min.insync.replicas (KIP-966).
   */
  committableOffset(endOffset: bigint, leaderEndOffset: bigint, minInsyncReplicas: number): bigint | null {
    if (this.#isr.committed.length < this.minIsr(minInsyncReplicas)) return null;
    const { monotonicMs, replicaLagTimeMaxMs } = this.#cluster;
    let least = endOffset;
    for (const follower of this.#followers.values()) {
      if (follower.logEndOffset >= least) continue;
      const counts =
        this.#isr.mayBeMember(follower.brokerId) ||
        (follower.isCaughtUp(leaderEndOffset, monotonicMs(), replicaLagTimeMaxMs()) && this.#isEligible(follower));
      if (counts) least = follower.logEndOffset;
    }
    return least;
  }

  /** The least log start over this log and the followers that are alive. */
  lowWatermark(logStartOffset: bigint): bigint {
    let least = logStartOffset;
    for (const { brokerId, logStartOffset: offset } of this.#followers.values()) {
      if (offset < least && this.#cluster.brokerOf(brokerId)?.isFenced === false) least = offset;
    }
    return least;
  }

  /**
   * The ISR with this follower, where it has come so far as to join: it has all that is committed, and all that was there when the
   * epoch began. Null else, and while another proposal is unanswered.
   */
  proposeExpansion(follower: FollowerReplica, highWatermark: bigint): IsrProposal | null {
    const { brokerId, logEndOffset } = follower;
    if (this.#isr.proposal !== null || this.#isr.isMember(brokerId)) return null;
    if (logEndOffset < highWatermark || logEndOffset < this.#epochStartOffset || !this.#isEligible(follower)) return null;
    return this.#propose([...this.#isr.committed, brokerId]);
  }

  /** The ISR without the followers that have not been caught up for replica.lag.time.max.ms; null where there are none. */
  proposeShrink(leaderEndOffset: bigint): IsrProposal | null {
    if (this.#isr.proposal !== null) return null;
    const { nodeId, monotonicMs, replicaLagTimeMaxMs } = this.#cluster;
    const isInSync = (brokerId: number): boolean =>
      brokerId === nodeId || this.#followers.get(brokerId)?.isCaughtUp(leaderEndOffset, monotonicMs(), replicaLagTimeMaxMs()) === true;
    const remaining = this.#isr.committed.filter(isInSync);
    return remaining.length === this.#isr.committed.length ? null : this.#propose(remaining);
  }

  /** The controller has made it so. False where the answer says less than is known by now. */
  commitIsr(answer: { readonly isr: readonly number[]; readonly leaderEpoch: number; readonly partitionEpoch: number }): boolean {
    if (answer.leaderEpoch !== this.#epoch || answer.partitionEpoch < this.#partitionEpoch) return false;
    this.#isr = new InSyncReplicas(answer.isr);
    this.#partitionEpoch = answer.partitionEpoch;
    return true;
  }
  /** The controller has refused the proposal, and has not made it so before either. */
  dropProposal(): void {
    this.#isr = this.#isr.withoutProposal();
  }
  get partitionEpoch(): number {
    return this.#partitionEpoch;
  }

  /** This node stood still: nobody could fetch from it meanwhile. */
  forgiveLag(): void {
    const nowMs = this.#cluster.monotonicMs();
    for (const follower of this.#followers.values()) if (this.#isr.isMember(follower.brokerId)) follower.forgiveLag(nowMs);
  }

  /** Alive, not on its way out, and asking in the life that it is registered in. */
  #isEligible({ brokerId, brokerEpoch }: FollowerReplica): boolean {
    const registered = this.#cluster.brokerOf(brokerId);
    if (registered === undefined || registered.isFenced || registered.isInControlledShutdown) return false;
    return brokerEpoch === -1 || brokerEpoch === registered.epoch;
  }

  #propose(isr: readonly number[]): IsrProposal {
    const { nodeId, brokerEpoch } = this.#cluster;
    const brokerEpochs = isr.map((id) => (id === nodeId ? brokerEpoch() : (this.#followers.get(id)?.brokerEpoch ?? -1)));
    const proposal = { isr, brokerEpochs, leaderEpoch: this.#epoch, partitionEpoch: this.#partitionEpoch };
    this.#isr = this.#isr.propose(proposal);
    return proposal;
  }

  #assign({ replicas }: PartitionImage): void {
    for (const id of this.#followers.keys()) if (!replicas.includes(id)) this.#followers.delete(id);
    for (const id of replicas) {
      if (id !== this.#cluster.nodeId && !this.#followers.has(id)) this.#followers.set(id, new FollowerReplica(id));
    }
  }

  #beginEpoch({ isr }: PartitionImage, isNewLeader: boolean): void {
    const nowMs = this.#cluster.monotonicMs();
    for (const follower of this.#followers.values()) {
      follower.beginEpoch({
        isNewLeader,
        isInSync: isr.includes(follower.brokerId),
        leaderEndOffset: this.#epochStartOffset,
        nowMs,
      });
    }
  }
}
