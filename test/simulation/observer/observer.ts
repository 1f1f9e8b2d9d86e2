import { join } from 'node:path';
import type { Partition } from '../../../src/broker/replication/partition.js';
import type { Disk } from '../../../src/environment/environment.js';
import type { Uuid } from '../../../src/model/uuid.js';
import { batchesOf } from '../../../src/protocol/records/record-batch.js';
import { InvariantError } from '../invariants.js';
import { type ClusterWatcher, DATA_DIRECTORY, type NodeLife } from '../simulated-cluster.js';
import type { KeyedRecord } from './key-history.js';
import { MetadataModel } from './metadata-model.js';
import type { PartitionHistory, Watching } from './partition-history.js';
import { QuorumHistory } from './quorum-history.js';

/** What a producer was told. */
export interface Acknowledgement {
  readonly topicId: Uuid;
  readonly partition: number;
  readonly acks: number;
  readonly baseOffset: number;
  readonly crc: number;
  readonly broker: number;
  readonly sentMs: number;
}

/** What a reader found from the beginning of a compacted partition up to `end`, the leader's high watermark. */
export interface TableRead {
  readonly leader: number;
  readonly records: readonly KeyedRecord[];
  readonly end: number;
}

/** Watches a cluster from outside: what its nodes have, and what its clients are told. */
export interface Observer extends ClusterWatcher {
  readonly metadata: MetadataModel;
  readonly quorum: QuorumHistory;
  /** A client was told so. Throws InvariantError. */
  readonly acknowledged: (acknowledgement: Acknowledgement) => void;
  /** A consumer was given these batches. Throws InvariantError. */
  readonly consumed: (topicId: Uuid, partition: number, records: Uint8Array) => void;
  /** A reader was given these records of a compacted partition by its leader. Throws InvariantError. */
  readonly tableRead: (topicId: Uuid, partition: number, table: TableRead) => void;
  /** Those of acks=1. */
  readonly leaderAcknowledged: readonly Acknowledgement[];
}

interface Hosted {
  readonly partition: Partition;
  readonly history: PartitionHistory;
}

export function createObserver(watching: Watching): Observer {
  const { counters } = watching;
  const metadata = new MetadataModel(watching);
  const quorumHistory = new QuorumHistory((record) => metadata.apply(record), watching);
  const leaderAcknowledged: Acknowledgement[] = [];
  /** What each node hosts, listed again when its metadata changes. */
  const hosted = new Map<NodeLife, { offset: bigint; list: readonly Hosted[] }>();

  const hostedBy = (life: NodeLife): readonly Hosted[] => {
    const { replicas, node } = life;
    if (replicas === null) return [];
    const known = hosted.get(life);
    const offset = life.metadata?.offset ?? -1n;
    if (known !== undefined && known.offset === offset && node !== null) return known.list;
    const list = replicas.partitions.flatMap((partition) => {
      const history = metadata.partition(partition.topicId, partition.topicPartition.partition);
      return history === undefined ? [] : [{ partition, history }];
    });
    hosted.set(life, { offset, list });
    return list;
  };

  return {
    metadata,
    quorum: quorumHistory,
    leaderAcknowledged,
    afterEvent: ({ id }, life) => {
      counters.events++;
      const { quorum } = life;
      if (quorum === null) return;
      quorumHistory.see(id, quorum);
      for (const { partition, history } of hostedBy(life)) if (!history.isDeleted) history.see(id, partition);
    },
    ended: ({ id }, life) => {
      for (const { history } of hostedBy(life)) history.ended(id);
      hosted.delete(life);
    },
    powerLost: ({ id, storage }, cutFiles) => {
      const disk = storage.attach();
      for (const history of metadata.histories) {
        if (!history.isDeleted && history.views.has(id))
          history.powerLost(id, survivingEnd(disk, join(DATA_DIRECTORY, history.name), history, cutFiles));
      }
      disk.kill();
    },
    acknowledged: (acknowledgement) => {
      const { topicId, partition, acks, baseOffset, crc, broker, sentMs } = acknowledgement;
      counters.acknowledged++;
      if (acks === 1) leaderAcknowledged.push(acknowledgement);
      const history = metadata.partition(topicId, partition);
      if (acks !== -1 || history === undefined || baseOffset < history.mayDeleteBefore) return;
      const batch = history.find(baseOffset);
      if (batch?.crc === crc) return;
      // A leader that an unclean election has deposed goes on until it hears of it, and so does who lost what it had with the power.
      const heardMs = history.views.get(broker)?.heardOfUncleanMs ?? Number.POSITIVE_INFINITY;
      if (history.hasLost && heardMs >= sentMs) return;
      const what = batch === undefined ? `only ${history.committedEnd} are committed` : 'another record is there';
      throw new InvariantError(
        '1 acknowledged record lost',
        `${history.name}: offset ${baseOffset} was acknowledged by ${broker}, but ${what}`,
      );
    },
    consumed: (topicId, partition, records) => {
      const history = metadata.partition(topicId, partition);
      if (history === undefined || history.hasLost) return;
      for (const { baseOffset, lastOffset, crc } of batchesOf(records)) {
        const base = Number(baseOffset);
        if (Number(lastOffset) >= history.committedEnd) {
          throw new InvariantError(
            '3 read above high watermark',
            `${history.name}: ${lastOffset}, but only ${history.committedEnd} are committed`,
          );
        }
        const batch = history.find(base);
        if (batch !== undefined && batch.crc !== crc)
          throw new InvariantError('2 committed record changed', `${history.name}: offset ${base}`);
      }
    },
    tableRead: (topicId, partition, { leader, records, end }) => {
      const history = metadata.partition(topicId, partition);
      if (history === undefined) return;
      if (end > history.committedEnd && !history.hasLost) {
        throw new InvariantError('3 read above high watermark', `${history.name}: ${end}, but only ${history.committedEnd} are committed`);
      }
      const logEnd = Number(history.views.get(leader)?.end ?? end);
      if (history.compareKeys(records, end, logEnd, 'a reader')) counters.tablesRead++;
    },
  };
}

/** Where the log ends that a power loss left, as recovery will find it. */
function survivingEnd(disk: Disk, directory: string, { topicId, keys }: PartitionHistory, cutFiles: ReadonlySet<string>): number {
  const files = disk.list(directory);
  // A directory that cannot say whose it is is set aside.
  if (!Buffer.from(disk.readFile(join(directory, 'partition.metadata')) ?? []).includes(topicId)) return 0;
  /** Null before the first file, which need not begin at 0. */
  let end: number | null = null;
  let isCut = false;
  for (const name of files) {
    if (!name.endsWith('.log')) continue;
    const bytes = disk.readFile(join(directory, name)) as Uint8Array;
    const base = Number(name.slice(0, -'.log'.length));
    // Compaction leaves gaps, but not behind what was not synced.
    if (end !== null && base !== end && (keys === null || isCut)) return end;
    end = base;
    isCut = cutFiles.has(join(directory, name));
    let readBytes = 0;
    for (const batch of batchesOf(bytes)) {
      end = Number(batch.lastOffset) + 1;
      readBytes += batch.sizeBytes;
    }
    if (readBytes < bytes.length) return end;
  }
  return end ?? 0;
}
