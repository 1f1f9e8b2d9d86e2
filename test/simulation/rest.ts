import type { World } from '../../src/environment/virtual.js';
import { decodeBatch } from '../../src/protocol/records/decode-batch.js';
import { batchesOf } from '../../src/protocol/records/record-batch.js';
import type { Counters } from './counters.js';
import { InvariantError } from './invariants.js';
import type { KeyHistory } from './observer/key-history.js';
import type { Observer } from './observer/observer.js';
import type { PartitionHistory } from './observer/partition-history.js';
import type { SimulatedCluster } from './simulated-cluster.js';

/** Far above what a cluster at rest has on its way, and far below what it would have if anything were left behind by each operation. */
const MOST_PENDING_EVENTS = 3000;
const MOST_WAITERS = 20;

interface AtRest {
  readonly world: World;
  readonly cluster: SimulatedCluster;
  readonly observer: Observer;
  readonly counters: Counters;
}

const living = (observer: Observer): readonly PartitionHistory[] => observer.metadata.histories.filter(({ isDeleted }) => !isDeleted);

/** Null where everything is as it should be some time after the last fault, else what is not. */
export function whatIsUnsettled({ cluster, observer }: Pick<AtRest, 'cluster' | 'observer'>): string | null {
  const { committedEnd } = observer.quorum;
  for (const { id, life } of cluster.nodes) {
    if (life?.node == null) return `node ${id} is not ready`;
    const { quorum, metadata } = life;
    if (quorum === null || quorum.leaderId < 0) return `node ${id} knows no controller`;
    if (quorum.highWatermark !== committedEnd || metadata === null || metadata.offset + 1n !== committedEnd) {
      return `node ${id} knows ${metadata?.offset} of ${committedEnd} committed metadata records`;
    }
  }
  for (const { name, state, views } of living(observer)) {
    if (state.leader < 0) return `${name} has no leader; its ISR is [${state.isr}], its ELR [${state.elr}]`;
    if (state.isr.length < state.replicas.length) return `${name} has the ISR [${state.isr}] of [${state.replicas}]`;
    const leader = views.get(state.leader);
    if (leader === undefined) return `${name} is not led by ${state.leader}`;
    for (const id of state.replicas) {
      const view = views.get(id);
      if (view?.end !== leader.end || view.highWatermark !== leader.end) {
        return `${name} has ${view?.end} records on node ${id}, ${view?.highWatermark} of them committed, and ${leader.end} on its leader ${leader.nodeId}`;
      }
    }
  }
  return null;
}

/** Compares whole logs, whole images and what is kept in memory, of a cluster that is settled. Throws InvariantError. */
export function checkAtRest({ world, cluster, observer, counters }: AtRest): void {
  for (const { id, life } of cluster.nodes) {
    const { quorum, metadata, replicas } = life!;
    observer.metadata.compare(id, metadata!);
    observer.quorum.compare(id, quorum!);
    for (const partition of replicas!.partitions) {
      const history = observer.metadata.partition(partition.topicId, partition.topicPartition.partition);
      if (history === undefined) throw new InvariantError('9 committed metadata lost', `node ${id} hosts ${partition}, which there is not`);
      if (history.keys === null) compareLog(id, partition.log, history);
      else counters.compactedRecords += compareCompacted(id, partition.log, history, history.keys);
      const { size } = partition.waiters;
      if (size > MOST_WAITERS) throw new InvariantError('11 grows without end', `${size} requests wait for ${partition} on node ${id}`);
    }
  }
  const pending = world.pendingEvents();
  if (pending > MOST_PENDING_EVENTS) throw new InvariantError('11 grows without end', `${pending} events are to come`);
  for (const { topicId, partition, baseOffset, crc } of observer.leaderAcknowledged) {
    const history = observer.metadata.partition(topicId, partition);
    if (history === undefined || baseOffset < history.mayDeleteBefore) continue;
    if (history.find(baseOffset)?.crc !== crc) counters.lostWithAcks1++;
  }
}

type Log = Parameters<typeof readAll>[0];
function readAll(log: {
  readonly startOffset: bigint;
  readonly endOffset: bigint;
  readonly read: (offset: bigint, options: { readonly maxBytes: number; readonly minOneBatch: boolean }) => Uint8Array;
}) {
  const batches = [];
  for (let offset = log.startOffset; offset < log.endOffset; ) {
    for (const batch of batchesOf(log.read(offset, { maxBytes: 1 << 20, minOneBatch: true }))) {
      batches.push(batch);
      offset = batch.lastOffset + 1n;
    }
  }
  return batches;
}

/** Gives how many of the records that were committed are there no more. */
function compareCompacted(nodeId: number, log: Log, history: PartitionHistory, keys: KeyHistory): number {
  const batches = readAll(log);
  const garbled = batches.find(({ isCrcValid }) => !isCrcValid);
  if (garbled !== undefined)
    throw new InvariantError('4 replicas disagree', `${history.name} on node ${nodeId}: offset ${garbled.baseOffset} is garbled`);
  const records = batches.flatMap(decodeBatch);
  const end = Number(log.endOffset);
  return history.compareKeys(records, end, end, `node ${nodeId}`) ? keys.size - records.length : 0;
}

function compareLog(nodeId: number, log: Log, history: PartitionHistory): void {
  const differs = (detail: string): never => {
    throw new InvariantError('4 replicas disagree', `${history.name} on node ${nodeId}: ${detail}`);
  };
  const start = Number(log.startOffset);
  if (start > history.mayDeleteBefore) differs(`its log begins at ${start}, and only ${history.mayDeleteBefore} were to be deleted`);
  let index = history.committed.findIndex(({ last }) => last >= start);
  if (index < 0) index = history.committed.length;
  for (const batch of readAll(log)) {
    const committed = history.committed[index++];
    if (committed === undefined) return;
    const { base, last, epoch, crc } = committed;
    const isSame =
      Number(batch.baseOffset) === base && Number(batch.lastOffset) === last && batch.partitionLeaderEpoch === epoch && batch.crc === crc;
    if (!isSame)
      differs(`offset ${batch.baseOffset} of epoch ${batch.partitionLeaderEpoch} is not the one of epoch ${epoch} that was committed`);
    if (!batch.isCrcValid) differs(`offset ${batch.baseOffset} is garbled`);
  }
  if (index < history.committed.length) differs(`it lacks offset ${history.committed[index]?.base}`);
}
