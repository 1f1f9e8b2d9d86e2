import { join } from 'node:path';
import type { Environment } from '../../environment/environment.js';
import { encodeControlRecord } from '../../protocol/control-records/control-record.js';
import { decodeMetadataRecord, encodeMetadataRecord, type MetadataRecord } from '../../protocol/metadata-records/metadata-record.js';
import { decodeBatch } from '../../protocol/records/decode-batch.js';
import { encodeBatch, type RecordInput } from '../../protocol/records/encode-batch.js';
import { batchesOf } from '../../protocol/records/record-batch.js';
import { Log } from '../log/log.js';
import { defaultLogConfig } from '../log/log-config.js';
import type { LogEnd } from './raft/log-end.js';

/** Kafka's Topic.CLUSTER_METADATA_TOPIC_PARTITION. */
export const metadataPartition = { topic: '__cluster_metadata', partition: 0 } as const;
/** Kafka's Uuid.METADATA_TOPIC_ID. */
export const METADATA_TOPIC_ID = 'AAAAAAAAAAAAAAAAAAAAAQ';
export const metadataDirectory = (dataDirectory: string): string => join(dataDirectory, '__cluster_metadata-0');

/** The metadata log: records in batches, each of which holds as a whole or not at all. */
export interface MetadataLog {
  readonly startOffset: bigint;
  /** What the next record gets. */
  readonly endOffset: bigint;
  /** The same with the epoch of the last record. */
  readonly end: () => LogEnd;
  /** Where the records of the epoch end here, or of the nearest one below it (KIP-101); null where the log is too short to say. */
  readonly endOfEpoch: (epoch: number) => LogEnd | null;
  readonly append: (records: readonly MetadataRecord[], leaderEpoch: number) => void;
  /** The first batch of an epoch says who leads it (KIP-595). */
  readonly appendLeaderChange: (leaderEpoch: number, leaderId: number, voterIds: readonly number[]) => void;
  /** Whole batches from `offset` on that end below `upToOffset`, about `maxBytes` of them. */
  readonly read: (offset: bigint, upToOffset: bigint, maxBytes: number) => readonly MetadataBatch[];
  /** What stands between a replica whose log ends there and this log: null where the next records follow on it. */
  readonly check: (replicaEnd: LogEnd) => { readonly diverging: LogEnd } | null;
  /** The same as they stand on disk, for a replica; throws KafkaError OFFSET_OUT_OF_RANGE outside the log. */
  readonly readBytes: (offset: bigint, maxBytes: number) => Uint8Array;
  /** What the leader of that epoch sent. Throws KafkaError CORRUPT_MESSAGE, and the disk's error. */
  readonly appendFetched: (records: Uint8Array, leaderEpoch: number) => void;
  readonly truncateTo: (offset: bigint) => void;
  /** Gives the log's end, all of which survives power loss from then on. */
  readonly flush: () => Promise<bigint>;
  readonly close: () => Promise<void>;
}
export interface MetadataBatch {
  readonly leaderEpoch: number;
  /** Of its last record; of a control batch too, which has no `records`. */
  readonly lastOffset: bigint;
  readonly records: readonly { readonly offset: bigint; readonly record: MetadataRecord }[];
}

/** Kafka's KafkaRaftClient.MAX_BATCH_SIZE_BYTES. */
const MAX_BATCH_BYTES = 8 * 1024 * 1024;

/** Opens the log, or begins it. Rejects with the disk's error. */
export async function openMetadataLog(environment: Environment, dataDirectory: string): Promise<MetadataLog> {
  const { clock } = environment;
  const log = await Log.open(environment, {
    dataDirectory,
    topicPartition: metadataPartition,
    topicId: null,
    // Nothing goes before there are snapshots to take its place.
    config: { ...defaultLogConfig, retentionMs: -1, retentionBytes: -1, maxMessageBytes: MAX_BATCH_BYTES },
  });
  const append = (records: readonly RecordInput[], leaderEpoch: number, isControl: boolean): void => {
    log.appendAsLeader(encodeBatch(records, { isControl }), leaderEpoch, 'coordinator');
  };
  const endOfEpoch = (epoch: number): LogEnd | null => {
    const end = log.endOffsetForEpoch(epoch);
    return end === null ? null : { epoch: end.leaderEpoch, offset: end.endOffset };
  };
  const end = (): LogEnd => ({ offset: log.endOffset, epoch: log.epochForOffset(log.endOffset - 1n) ?? 0 });
  return {
    get startOffset() {
      return log.startOffset;
    },
    get endOffset() {
      return log.endOffset;
    },
    end,
    endOfEpoch,
    check: ({ offset, epoch }) => {
      if (offset === 0n) return null;
      const own = endOfEpoch(epoch) ?? end();
      return own.epoch === epoch && own.offset >= offset ? null : { diverging: own };
    },
    append: (records, leaderEpoch) => {
      const timestampMs = clock.now();
      append(
        records.map((record) => ({ timestampMs, key: null, value: encodeMetadataRecord(record) })),
        leaderEpoch,
        false,
      );
    },
    appendLeaderChange: (leaderEpoch, leaderId, voterIds) => {
      const voters = voterIds.map((voterId) => ({ voterId }));
      const message = { version: 0, leaderId, voters, grantingVoters: voters.filter(({ voterId }) => voterId === leaderId) };
      append([{ timestampMs: clock.now(), ...encodeControlRecord('LEADER_CHANGE', message) }], leaderEpoch, true);
    },
    read: (offset, upToOffset, maxBytes) =>
      [...batchesOf(log.read(offset, { maxBytes, upToOffset, minOneBatch: true }))].map((batch) => ({
        leaderEpoch: batch.partitionLeaderEpoch,
        lastOffset: batch.lastOffset,
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
    flush: async () => {
      await log.flush();
      return log.recoveryPoint;
    },
    close: () => log.close(),
  };
}
