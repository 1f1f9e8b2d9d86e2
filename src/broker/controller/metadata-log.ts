import { join } from 'node:path';
import type { Environment } from '../../environment/environment.js';
import { MachineError } from '../../model/errors.js';
import { encodeControlRecord } from '../../protocol/control-records/control-record.js';
import { decodeMetadataRecord, encodeMetadataRecord, type MetadataRecord } from '../../protocol/metadata-records/metadata-record.js';
import { decodeBatch } from '../../protocol/records/decode-batch.js';
import { encodeBatch, type RecordInput } from '../../protocol/records/encode-batch.js';
import { batchesOf } from '../../protocol/records/record-batch.js';
import { Writer } from '../../protocol/writer.js';
import { Log } from '../log/log.js';
import { defaultLogConfig } from '../log/log-config.js';
import { readLostLogEnd, removeLostLogEnd, writeLostLogEnd } from './lost-log-end.js';
import { goesAsFar, type LogEnd } from './raft/log-end.js';
import { lastContainedLogTimestampMs } from './snapshot/read-snapshot.js';
import { removeDamagedSnapshots } from './snapshot/remove-damaged-snapshots.js';
import type { SnapshotId } from './snapshot/snapshot-id.js';
import { openSnapshotStore, type SnapshotStore } from './snapshot/snapshot-store.js';

/** Kafka's Topic.CLUSTER_METADATA_TOPIC_PARTITION. */
export const metadataPartition = { topic: '__cluster_metadata', partition: 0 } as const;
/** Kafka's Uuid.METADATA_TOPIC_ID. */
export const METADATA_TOPIC_ID = 'AAAAAAAAAAAAAAAAAAAAAQ';
export const metadataDirectory = (dataDirectory: string): string => join(dataDirectory, '__cluster_metadata-0');

/** The metadata log: records in batches, each of which holds as a whole or not at all, and the snapshots that stand for its beginning. */
export interface MetadataLog {
  readonly startOffset: bigint;
  /** What the next record gets. */
  readonly endOffset: bigint;
  /** The same with the epoch of the last record. */
  readonly end: () => LogEnd;
  /** The same, or what this log has lost where that went further: who wants this node's vote, or to lead as this node, must go as far. */
  readonly promisedEnd: () => LogEnd;
  /** Where the records of the epoch end here, or of the nearest one below it (KIP-101); null where the log is too short to say. */
  readonly endOfEpoch: (epoch: number) => LogEnd | null;
  readonly append: (records: readonly MetadataRecord[], leaderEpoch: number) => void;
  /** The first batch of an epoch says who leads it, and who voted for that (KIP-595). */
  readonly appendLeaderChange: (leaderEpoch: number, change: LeaderChange) => void;
  /** Whole batches from `offset` on that end below `upToOffset`, about `maxBytes` of them. */
  readonly read: (offset: bigint, upToOffset: bigint, maxBytes: number) => readonly MetadataBatch[];
  /**
   * What stands between a replica whose log ends there and this log: null where the next records follow on it.
   * Source: ReplicatedLog.validateOffsetAndEpoch.
   */
  readonly check: (replicaEnd: LogEnd) => { readonly diverging: LogEnd } | { readonly snapshot: SnapshotId } | null;
  /** The same as they stand on disk, for a replica; throws KafkaError OFFSET_OUT_OF_RANGE outside the log. */
  readonly readBytes: (offset: bigint, maxBytes: number) => Uint8Array;
  /** What the leader of that epoch sent. Throws KafkaError CORRUPT_MESSAGE, and the disk's error. */
  readonly appendFetched: (records: Uint8Array, leaderEpoch: number) => void;
  readonly truncateTo: (offset: bigint) => void;
  readonly snapshots: SnapshotStore;
  /** A snapshot of what this log lacks takes the place of all that it has. False where it lacks nothing. */
  readonly beginAtLatestSnapshot: () => boolean;
  /** Deletes the oldest snapshots, and what they stand for, as metadata.max.retention.bytes and .ms say; never the newest. */
  readonly clean: () => void;
  /** Gives the log's end, all of which survives power loss from then on. */
  readonly flush: () => Promise<bigint>;
  readonly close: () => Promise<void>;
}
export interface LeaderChange {
  readonly leaderId: number;
  readonly voterIds: readonly number[];
  readonly grantedBy: readonly number[];
}
export interface MetadataBatch {
  readonly leaderEpoch: number;
  /** Of its last record; of a control batch too, which has no `records`. */
  readonly lastOffset: bigint;
  readonly sizeBytes: number;
  /** When its last record was written. */
  readonly timestampMs: number;
  readonly records: readonly { readonly offset: bigint; readonly record: MetadataRecord }[];
}

/** Kafka's KafkaRaftClient.MAX_BATCH_SIZE_BYTES. */
const MAX_BATCH_BYTES = 8 * 1024 * 1024;

export interface MetadataLogOptions {
  readonly dataDirectory: string;
  /** Nothing above is deleted. */
  readonly highWatermark: () => bigint;
  readonly retention: MetadataRetention;
  /** Other voters have the log as well: what is lost of this one can be fetched from them. */
  readonly hasPeers: boolean;
}
export interface MetadataRetention {
  /** metadata.max.retention.bytes: of log and snapshots together; -1 is no limit. */
  readonly maxBytes: number;
  /** metadata.max.retention.ms: of a snapshot's newest record; -1 is no limit. */
  readonly maxMs: number;
  /** metadata.log.segment.bytes, metadata.log.segment.ms: whole segments are deleted. */
  readonly segmentBytes: number;
  readonly segmentMs: number;
}

/**
 * Opens the log, or begins it. Where only a damaged snapshot says what came before, it begins anew, to be fetched from the other voters; rejects
 * with MachineError where there are none, and with the disk's error.
 */
export async function openMetadataLog(environment: Environment, options: MetadataLogOptions): Promise<MetadataLog> {
  const { clock } = environment;
  const { dataDirectory, highWatermark, retention, hasPeers } = options;
  const { disk } = environment;
  const directory = metadataDirectory(dataDirectory);
  const { segmentBytes, segmentMs } = retention;
  const log = await Log.open(environment, {
    dataDirectory,
    topicPartition: metadataPartition,
    topicId: null,
    // What a snapshot stands for may go, and nothing else.
    config: { ...defaultLogConfig, retentionMs: -1, retentionBytes: -1, segmentBytes, segmentMs, maxMessageBytes: MAX_BATCH_BYTES },
  });
  log.committedOffset = highWatermark;
  const snapshots = openSnapshotStore(environment, directory, log.startOffset);
  const damage = await removeDamagedSnapshots(environment, snapshots, log.startOffset);
  const append = (records: readonly RecordInput[], leaderEpoch: number, isControl: boolean): void => {
    log.appendAsLeader(encodeBatch(records, { isControl }), leaderEpoch, 'coordinator');
  };
  const endOfEpoch = (epoch: number): LogEnd | null => {
    const end = log.endOffsetForEpoch(epoch);
    return end === null ? null : { epoch: end.leaderEpoch, offset: end.endOffset };
  };
  const end = (): LogEnd => {
    const offset = log.endOffset;
    const epoch = log.epochForOffset(offset - 1n);
    return epoch === null ? (snapshots.all().findLast(({ id }) => id.offset === offset)?.id ?? { offset, epoch: 0 }) : { offset, epoch };
  };
  let lostEnd = readLostLogEnd(disk, directory);
  const promisedEnd = (): LogEnd => {
    const present = end();
    if (lostEnd === null) return present;
    if (!goesAsFar(present, lostEnd)) return lostEnd;
    lostEnd = null;
    removeLostLogEnd(disk, directory);
    return present;
  };
  const beginAnew = ({ message }: MachineError): void => {
    environment.log('error', `${message}; the metadata log is fetched anew from the other voters`);
    lostEnd = promisedEnd();
    writeLostLogEnd(disk, directory, lostEnd);
    log.truncateFullyAndStartAt(0n);
    for (const snapshot of snapshots.all()) snapshots.remove(snapshot);
  };
  const beginAtLatestSnapshot = (): boolean => {
    const latest = snapshots.all().at(-1)?.id;
    if (latest === undefined || goesAsFar(end(), latest)) return false;
    log.truncateFullyAndStartAt(latest.offset);
    snapshots.removeBefore(latest.offset, log.config.fileDeleteDelayMs);
    return true;
  };
  /** One snapshot goes, and the log before the next one. */
  const deleteOldest = (): void => {
    const next = snapshots.all()[1];
    if (next === undefined) return;
    log.deleteRecordsBefore(next.id.offset);
    log.deleteOldSegments();
    snapshots.removeBefore(next.id.offset, log.config.fileDeleteDelayMs);
  };
  const isTooMuch = (): boolean => {
    const [oldest, second] = snapshots.all();
    if (oldest === undefined || second === undefined) return false;
    const totalBytes = snapshots.all().reduce((total, { sizeBytes }) => total + sizeBytes, log.sizeBytes);
    if (retention.maxBytes >= 0 && totalBytes > retention.maxBytes) return true;
    return retention.maxMs >= 0 && clock.now() - lastContainedLogTimestampMs(oldest) > retention.maxMs;
  };

  if (damage !== null) {
    const { message } = damage;
    if (!hasPeers) throw new MachineError(message, 'no other node has this metadata: restore the file from a copy, or reset the cluster');
    beginAnew(damage);
  }
  // A crash may have come after a snapshot was fetched and before the log began there.
  beginAtLatestSnapshot();
  return {
    get startOffset() {
      return log.startOffset;
    },
    get endOffset() {
      return log.endOffset;
    },
    end,
    promisedEnd,
    endOfEpoch,
    check: ({ offset, epoch }) => {
      const earliest = snapshots.all()[0]?.id;
      const latest = snapshots.all().at(-1)?.id;
      // Whoever has nothing is served by a snapshot more quickly.
      if (offset === 0n) return latest === undefined ? null : { snapshot: latest };
      if (earliest !== undefined && latest !== undefined) {
        const isBeforeStart = offset < log.startOffset || (offset === log.startOffset && epoch !== earliest.epoch);
        if (isBeforeStart || epoch < earliest.epoch) return { snapshot: latest };
      }
      const own = endOfEpoch(epoch) ?? end();
      return own.epoch === epoch && own.offset >= offset ? null : { diverging: own };
    },
    append: (records, leaderEpoch) => {
      const timestampMs = clock.now();
      const writer = new Writer();
      append(
        records.map((record) => ({ timestampMs, key: null, value: encodeMetadataRecord(record, writer) })),
        leaderEpoch,
        false,
      );
    },
    appendLeaderChange: (leaderEpoch, { leaderId, voterIds, grantedBy }) => {
      const votersOf = (ids: readonly number[]) => ids.map((voterId) => ({ voterId }));
      const message = { version: 0, leaderId, voters: votersOf(voterIds), grantingVoters: votersOf(grantedBy) };
      append([{ timestampMs: clock.now(), ...encodeControlRecord('LEADER_CHANGE', message) }], leaderEpoch, true);
    },
    read: (offset, upToOffset, maxBytes) =>
      [...batchesOf(log.read(offset, { maxBytes, upToOffset, minOneBatch: true }))].map((batch) => ({
        leaderEpoch: batch.partitionLeaderEpoch,
        lastOffset: batch.lastOffset,
        sizeBytes: batch.sizeBytes,
        timestampMs: batch.maxTimestampMs,
        records: batch.isControl
          ? []
          : decodeBatch(batch).flatMap(({ offset: at, value }) =>
              value === null ? [] : [{ offset: at, record: decodeMetadataRecord(value) }],
            ),
      })),
    readBytes: (offset, maxBytes) => log.read(offset, { maxBytes, minOneBatch: true }),
    appendFetched: (records, leaderEpoch) => {
      log.appendAsFollower(records, leaderEpoch);
    },
    truncateTo: (offset) => {
      log.truncateTo(offset);
    },
    snapshots,
    beginAtLatestSnapshot,
    clean: () => {
      while (isTooMuch()) deleteOldest();
    },
    flush: async () => {
      await log.flush();
      return log.recoveryPoint;
    },
    close: async () => {
      snapshots.close();
      await log.close();
    },
  };
}
