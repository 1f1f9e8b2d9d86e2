import type { EpochEntry } from '../../../src/broker/log/leader-epoch-cache.js';
import type { Partition } from '../../../src/broker/replication/partition.js';
import { VIRTUAL_START_MS } from '../../../src/environment/virtual.js';
import type { Uuid } from '../../../src/model/uuid.js';
import { batchesOf, type RecordBatch } from '../../../src/protocol/records/record-batch.js';
import type { Counters } from '../counters.js';
import { type Invariant, InvariantError } from '../invariants.js';
import type { Trace } from '../trace.js';
import { type KeyedRecord, KeyHistory } from './key-history.js';

/** A batch that was committed: the CRC stands for what is in it. Offsets are numbers here, for speed. */
export interface CommittedBatch {
  readonly base: number;
  readonly last: number;
  readonly epoch: number;
  readonly crc: number;
  /** Of its newest record, by the clocks of the world. */
  readonly timestampMs: number;
}

/** What all that watches a run shares. */
export interface Watching {
  readonly counters: Counters;
  readonly trace: Trace;
  readonly nowMs: () => number;
}

/** What committed metadata says of a partition. */
export interface PartitionState {
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  readonly elr: readonly number[];
  readonly lastKnownElr: readonly number[];
  readonly leader: number;
  readonly leaderEpoch: number;
}

/** One replica as it was seen last, on a node that runs or not. */
export interface ReplicaView {
  readonly nodeId: number;
  /** Of the life in which it was seen: another one's is new. */
  partition: Partition | null;
  end: bigint;
  highWatermark: bigint;
  leaderEpoch: number;
  isLeader: boolean;
  epochs: readonly EpochEntry[];
  truncations: number;
  /** Where it ended before power loss took some of it, until it has got there again; null else. Its leader may not know of it yet. */
  lostUpTo: bigint | null;
  /** When it heard of the last unclean election, or of what came after; infinity before. */
  heardOfUncleanMs: number;
}

/**
 * All that was ever committed in one partition, and what its replicas do about it. Each `see` compares what is with what must be and throws
 * InvariantError.
 */
export class PartitionHistory {
  readonly name: string;
  readonly topicId: Uuid;
  readonly views = new Map<number, ReplicaView>();
  /**
   * Those that a reassignment took the partition from. Each goes on appending and committing, with the ISR that it knows of, until it hears of
   * it; the new leader is of that ISR. So does Kafka's: see Partition.maybeIncrementLeaderHW, and ReplicaManager.applyDelta, which alone ends it.
   */
  readonly #formerLeaders = new Map<number, ReplicaView>();
  /** Contiguous but for what was deleted before it was seen. */
  readonly committed: CommittedBatch[] = [];
  state: PartitionState;
  isDeleted = false;
  /** Of the last unclean election; -1 for none. What leaders of earlier epochs commit counts no more. */
  uncleanEpoch = -1;
  /** retention.ms, where the topic has one: what is older goes sooner or later, on each replica in its own time. */
  retentionMs: number | null = null;
  /** Records may have been lost by what nobody promised to survive. */
  hasLost = false;
  /** Where the topic is compacted: what each replica keeps of it is its own affair, but for the last record of each key. */
  keys: KeyHistory | null = null;
  /** Some replica may have compacted by records that were taken back, and lack what came before them. */
  #areKeysLost = false;
  #committedEnd = 0;
  #mayDeleteBefore = 0;
  /** An unclean election, or the power loss of all that had the newest records: the next leader's log is the truth. */
  #isLossAllowed = false;
  readonly #appenders = new Map<number, number>();
  readonly #leaders = new Map<number, number>();
  readonly #sequences = new Map<string, number>();
  /**
   * Where a log began that was opened, copied or cut, at most: it may know of no producer all of whose records are below, and take any sequence
   * number of it. Kafka's ProducerStateManager forgets them in truncateFullyAndStartAt and, at a restart, in truncateAndReload.
   */
  #newestStart = 0;
  readonly #counters: Counters;
  readonly #trace: Trace;
  readonly #nowMs: () => number;

  constructor(name: string, topicId: Uuid, state: PartitionState, { counters, trace, nowMs }: Watching) {
    this.name = name;
    this.topicId = topicId;
    this.state = state;
    this.#counters = counters;
    this.#trace = trace;
    this.#nowMs = nowMs;
    this.#leaders.set(state.leaderEpoch, state.leader);
  }

  get committedEnd(): number {
    return this.#committedEnd;
  }

  /** No record below need be there: DeleteRecords was asked for it, or it is too old. */
  get mayDeleteBefore(): number {
    if (this.retentionMs !== null) {
      const oldestMs = VIRTUAL_START_MS + this.#nowMs() - this.retentionMs;
      // It may lie within a batch.
      let index = Math.max(0, this.#indexOf(this.#mayDeleteBefore) - 1);
      for (let batch = this.committed[index]; batch !== undefined && batch.timestampMs < oldestMs; batch = this.committed[++index]) {
        this.deleteBefore(batch.last + 1);
      }
    }
    return this.#mayDeleteBefore;
  }
  /** Somebody asks for it. */
  deleteBefore(offset: number): void {
    this.#mayDeleteBefore = Math.max(this.#mayDeleteBefore, offset);
  }

  /** The topic's cleanup.policy is compact, from the beginning. */
  compact(): void {
    this.keys ??= new KeyHistory();
  }

  /** Metadata was committed that changes the partition. */
  change(next: PartitionState, mayElectUnclean: boolean): void {
    const previous = this.state;
    this.state = next;
    const { leader, leaderEpoch, isr, elr, replicas } = next;
    this.#trace.add(this.name, 'leader', leader, 'epoch', leaderEpoch, 'isr', isr.join(), 'elr', elr.join(), 'of', replicas.join());
    if (next.isr.length < previous.isr.length) this.#counters.isrShrinks++;
    if (next.isr.length > previous.isr.length) this.#counters.isrExpansions++;
    for (const view of this.views.values()) {
      // Who comes back later begins anew.
      if (!replicas.includes(view.nodeId)) {
        this.views.delete(view.nodeId);
        if (view.isLeader) this.#formerLeaders.set(view.nodeId, view);
      }
      // Who is down may come back into the ISR by a fetch that was long on its way, and leaves it when it registers again.
      if (view.partition !== null && !this.#isTrusted(view.nodeId)) view.lostUpTo = null;
    }
    if (next.leaderEpoch !== previous.leaderEpoch) this.#elected(previous, next, mayElectUnclean);
    this.#checkInSync();
  }

  #elected(previous: PartitionState, next: PartitionState, mayElectUnclean: boolean): void {
    const { leader, leaderEpoch, isr } = next;
    if (leaderEpoch < previous.leaderEpoch) this.#broken('5 leader epoch fell', `from ${previous.leaderEpoch} to ${leaderEpoch}`);
    this.#leaders.set(leaderEpoch, leader);
    if (leader < 0) return;
    if (leader !== previous.leader) this.#counters.leaderChanges++;
    // Who joins the ISR and completes a reassignment may lead at once; that it has all is looked at by itself.
    const isReassigned = previous.replicas.join() !== next.replicas.join();
    if (previous.isr.includes(leader) || (isr.includes(leader) && (isr.length > 1 || isReassigned))) return;
    if (previous.elr.includes(leader)) {
      this.#counters.elrElections++;
      return;
    }
    if (!mayElectUnclean && !previous.lastKnownElr.includes(leader)) {
      this.#broken('5 elected out of sync', `${leader}, though the ISR was [${previous.isr}] and the ELR [${previous.elr}]`);
    }
    this.#counters.uncleanElections++;
    this.uncleanEpoch = leaderEpoch;
    this.#isLossAllowed = true;
    this.hasLost = true;
    for (const view of this.views.values()) view.heardOfUncleanMs = Number.POSITIVE_INFINITY;
  }

  /** Looks at a replica on a node that runs, after an event of that node. */
  see(nodeId: number, partition: Partition): void {
    const former = this.#formerLeaders.get(nodeId);
    const isFormer = former?.partition === partition && partition.isLeader && partition.leaderEpoch === former.leaderEpoch;
    if (former !== undefined && !isFormer) this.#formerLeaders.delete(nodeId);
    if (!isFormer && !this.state.replicas.includes(nodeId)) {
      // On its way out.
      this.views.delete(nodeId);
      return;
    }
    const view = isFormer ? former : this.views.get(nodeId);
    if (view === undefined || view.partition !== partition) {
      this.#seeFirst(nodeId, partition, view);
      return;
    }
    const { log, leaderEpoch, highWatermark } = partition;
    const { endOffset } = log;
    if (endOffset !== view.end || log.truncations !== view.truncations) this.#seeLog(view, partition);
    if (leaderEpoch !== view.leaderEpoch || partition.isLeader !== view.isLeader) this.#seeEpoch(view, partition);
    if (highWatermark !== view.highWatermark) this.#seeHighWatermark(view, partition);
  }

  #seeFirst(nodeId: number, partition: Partition, before: ReplicaView | undefined): void {
    const { log } = partition;
    const view: ReplicaView = {
      ...{ nodeId, partition, end: log.endOffset, highWatermark: partition.highWatermark, leaderEpoch: -1, isLeader: false },
      ...{ epochs: [...log.epochs], truncations: log.truncations, lostUpTo: this.#isTrusted(nodeId) ? (before?.lostUpTo ?? null) : null },
      heardOfUncleanMs: before?.heardOfUncleanMs ?? (this.uncleanEpoch < 0 ? 0 : Number.POSITIVE_INFINITY),
    };
    this.views.set(nodeId, view);
    this.#seeStart(log.startOffset);
    const isRestarted = before !== undefined && before.partition === null;
    if (isRestarted && view.lostUpTo === null) this.#checkKept(before, view);
    this.#seeEpoch(view, partition);
    if (partition.isLeader) this.#seeHighWatermark(view, partition);
  }

  #seeLog(view: ReplicaView, { log, isLeader, leaderEpoch }: Partition): void {
    const { endOffset } = log;
    const before = { nodeId: view.nodeId, end: view.end, epochs: view.epochs };
    const hasGrown = endOffset > view.end;
    view.end = endOffset;
    if (view.truncations !== log.truncations) this.#seeStart(log.startOffset);
    view.truncations = log.truncations;
    const { epochs } = log;
    if (epochs.length !== view.epochs.length || epochs.at(-1) !== view.epochs.at(-1)) view.epochs = [...epochs];
    if (endOffset < before.end) {
      this.#counters.truncations++;
      this.#trace.add(this.name, 'node', view.nodeId, 'truncates', before.end, 'to', endOffset, 'of', this.#committedEnd, 'committed');
      this.#checkKept(before, view);
    }
    if (view.lostUpTo !== null && endOffset >= view.lostUpTo && Number(endOffset) >= this.#committedEnd) view.lostUpTo = null;
    if (!hasGrown || !isLeader || log.latestEpoch !== leaderEpoch) return;
    const appender = this.#appenders.get(leaderEpoch) ?? view.nodeId;
    if (appender !== view.nodeId) this.#broken('5 two leaders', `${appender} and ${view.nodeId} in epoch ${leaderEpoch}`);
    this.#appenders.set(leaderEpoch, appender);
  }

  #seeStart(startOffset: bigint): void {
    this.#newestStart = Math.max(this.#newestStart, Number(startOffset));
  }

  /** What it had of what is committed, it has still. */
  #checkKept(before: Pick<ReplicaView, 'nodeId' | 'end' | 'epochs'>, after: ReplicaView): void {
    if (this.#isLossAllowed) return;
    const [end, endBefore] = [Number(after.end), Number(before.end)];
    for (let index = this.committed.length - 1; index >= 0; index--) {
      const batch = this.committed[index] as CommittedBatch;
      if (batch.last < end || batch.base < this.mayDeleteBefore) return;
      if (batch.last >= endBefore || epochAt(before.epochs, batch.base) !== batch.epoch) continue;
      this.#broken('4 truncated committed', `node ${before.nodeId} had offset ${batch.base} and now ends at ${end}`);
    }
  }

  #seeEpoch(view: ReplicaView, partition: Partition): void {
    const { leaderEpoch, isLeader } = partition;
    if (leaderEpoch < view.leaderEpoch) {
      this.#broken('5 leader epoch fell', `on node ${view.nodeId} from ${view.leaderEpoch} to ${leaderEpoch}`);
    }
    const isNew = leaderEpoch > view.leaderEpoch;
    view.leaderEpoch = leaderEpoch;
    view.isLeader = isLeader;
    if (leaderEpoch >= this.uncleanEpoch && view.heardOfUncleanMs === Number.POSITIVE_INFINITY) view.heardOfUncleanMs = this.#nowMs();
    if (!isNew || !isLeader) return;
    this.#trace.add(this.name, 'node', view.nodeId, 'begins epoch', leaderEpoch, 'at', view.end, 'of', this.#committedEnd, 'committed');
    const leader = this.#leaders.get(leaderEpoch);
    if (leader !== undefined && leader !== view.nodeId) {
      this.#broken('5 two leaders', `node ${view.nodeId} takes itself for the leader of epoch ${leaderEpoch}, who is ${leader}`);
    }
    // Whatever it is now is news.
    view.highWatermark = -1n;
    this.#checkNewLeader(view, Number(partition.log.startOffset));
  }

  /** A new leader's log holds all that is committed; where it need not, what it holds is the truth from now on. */
  #checkNewLeader(view: ReplicaView, start: number): void {
    if (view.leaderEpoch < this.uncleanEpoch) return;
    // Who comes late learns of its epoch when others have committed in a later one, of which it hears next.
    if (view.leaderEpoch < this.state.leaderEpoch) return;
    const end = Number(view.end);
    let kept = this.committed.length;
    while (kept > 0) {
      const batch = this.committed[kept - 1] as CommittedBatch;
      // Of a batch that the log's start falls into, the rest counts. A crash may bring records back that were deleted, without their epoch.
      const epoch = epochAt(view.epochs, Math.max(batch.base, start)) ?? (batch.base < this.mayDeleteBefore ? batch.epoch : null);
      const isSame = epoch === batch.epoch || !this.#mustKeep(batch);
      const isKept = batch.last < start ? batch.base < this.mayDeleteBefore : batch.last < end && isSame;
      if (isKept) break;
      kept--;
    }
    if (kept < this.committed.length) {
      const first = this.committed[kept] as CommittedBatch;
      if (!this.#isLossAllowed) {
        this.#broken(
          '1 acknowledged record lost',
          `the new leader ${view.nodeId} of epoch ${view.leaderEpoch} ends at ${end} and lacks ${first.base}`,
        );
      }
      this.committed.length = kept;
      this.#areKeysLost = true;
      this.#committedEnd = first.base;
      for (const [key, base] of this.#sequences) if (base >= first.base) this.#sequences.delete(key);
    }
    this.#isLossAllowed = false;
  }

  #seeHighWatermark(view: ReplicaView, partition: Partition): void {
    const { highWatermark, isLeader } = partition;
    const before = view.highWatermark;
    view.highWatermark = highWatermark;
    if (!isLeader) return;
    if (highWatermark < before) {
      this.#broken('3 high watermark fell', `on node ${view.nodeId} in epoch ${view.leaderEpoch} from ${before} to ${highWatermark}`);
    }
    if (Number(highWatermark) <= this.#committedEnd) return;
    if (view.leaderEpoch < this.uncleanEpoch) {
      this.#areKeysLost = true;
      return;
    }
    this.#commitUpTo(partition, highWatermark);
    this.#checkInSync();
  }

  #commitUpTo({ log }: Partition, highWatermark: bigint): void {
    let from = BigInt(this.#committedEnd);
    if (from < log.startOffset) from = log.startOffset;
    while (from < highWatermark) {
      let hasRead = false;
      for (const batch of batchesOf(log.read(from, { maxBytes: 1 << 20, upToOffset: highWatermark, minOneBatch: true }))) {
        if (batch.lastOffset < from) continue;
        this.#commit(batch);
        from = batch.lastOffset + 1n;
        hasRead = true;
      }
      if (!hasRead) return;
    }
  }

  #commit(batch: RecordBatch): void {
    const base = Number(batch.baseOffset);
    const { producerId, producerEpoch, baseSequence, crc, partitionLeaderEpoch: epoch } = batch;
    if (producerId >= 0n) {
      const key = `${producerId} ${producerEpoch} ${baseSequence}`;
      const earlier = this.#sequences.get(key);
      if (earlier !== undefined && earlier >= this.#newestStart)
        this.#broken('6 appended twice', `sequence ${baseSequence} of producer ${producerId} at ${earlier} and ${base}`);
      this.#sequences.set(key, base);
    }
    this.committed.push({ base, last: Number(batch.lastOffset), epoch, crc, timestampMs: batch.maxTimestampMs });
    this.#committedEnd = Number(batch.lastOffset) + 1;
    this.keys?.commit(batch);
    this.#counters.committedBatches++;
  }

  /** Every member of the ISR has the newest of what is committed, from the leader that wrote it. */
  #checkInSync(): void {
    const newest = this.committed.at(-1);
    if (newest === undefined || newest.base < this.mayDeleteBefore || this.#isLossAllowed) return;
    for (const id of this.state.isr) {
      const view = this.views.get(id);
      if (view === undefined || view.lostUpTo !== null) continue;
      const end = Number(view.end);
      if (end <= newest.last)
        this.#broken('4 replicas disagree', `node ${id} is in the ISR and ends at ${end}, before ${this.#committedEnd}`);
      const epoch = epochAt(view.epochs, newest.base);
      if (epoch !== newest.epoch && this.#mustKeep(newest)) {
        this.#broken('4 replicas disagree', `node ${id} has offset ${newest.base} from epoch ${epoch}, not ${newest.epoch}`);
      }
    }
  }

  /** In the ISR or ELR, so that it might lead. */
  #isTrusted(nodeId: number): boolean {
    return this.state.isr.includes(nodeId) || this.state.elr.includes(nodeId);
  }

  /** The process is gone. */
  ended(nodeId: number): void {
    this.#formerLeaders.delete(nodeId);
    const view = this.views.get(nodeId);
    if (view !== undefined) view.partition = null;
  }

  /** The disk has kept the log up to `end`. */
  powerLost(nodeId: number, end: number): void {
    const view = this.views.get(nodeId);
    if (view === undefined || end >= Number(view.end)) return;
    this.#counters.lostTails++;
    this.#trace.add(this.name, 'node', nodeId, 'loses', view.end, 'down to', end, 'of', this.#committedEnd, 'committed');
    view.lostUpTo ??= view.end;
    view.end = BigInt(end);
    if (end >= this.#committedEnd) return;
    const { isr, elr } = this.state;
    const isIntact = (id: number): boolean => this.views.get(id)?.lostUpTo === null;
    if ([...isr, ...elr].some(isIntact)) return;
    this.#isLossAllowed = true;
    this.hasLost = true;
  }

  /**
   * Compares what was read of a compacted partition, from its beginning up to `end`, in a log that ends at `logEnd`. False where nothing is
   * promised, as committed records were lost. Throws InvariantError.
   */
  compareKeys(records: readonly KeyedRecord[], end: number, logEnd: number, reader: string): boolean {
    if (this.keys === null || this.#areKeysLost) return false;
    const mismatch = this.keys.compare(records, end, logEnd);
    if (mismatch === null) return true;
    this.#broken(mismatch.kind === 'changed' ? '2 committed record changed' : '2 last value lost', `${reader}: ${mismatch.detail}`);
  }

  /** The batch at this base offset, or undefined. */
  find(base: number): CommittedBatch | undefined {
    const found = this.committed[this.#indexOf(base)];
    return found?.base === base ? found : undefined;
  }
  /** Of the first batch that begins there or later. */
  #indexOf(base: number): number {
    let low = 0;
    let high = this.committed.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.committed[middle] as CommittedBatch).base < base) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Where a batch may be compacted away, the log's epochs may not tell of it either. */
  #mustKeep({ base, last }: CommittedBatch): boolean {
    return this.keys === null || this.keys.mustKeep(base, last);
  }

  #broken(invariant: Invariant, detail: string): never {
    throw new InvariantError(invariant, `${this.name}: ${detail}`);
  }
}

/** Which epoch an offset was written in, as a log's epochs say; null before the first. */
function epochAt(epochs: readonly EpochEntry[], offset: number): number | null {
  for (let index = epochs.length - 1; index >= 0; index--) {
    const { epoch, startOffset } = epochs[index] as EpochEntry;
    if (startOffset <= offset) return epoch;
  }
  return null;
}
