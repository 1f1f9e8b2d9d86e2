import { join } from 'node:path';
import type { Environment } from '../../environment/environment.js';
import { encodeControlRecord } from '../../protocol/control-records/control-record.js';
import { decodeMetadataRecord, encodeMetadataRecord, type MetadataRecord } from '../../protocol/metadata-records/metadata-record.js';
import { decodeBatch } from '../../protocol/records/decode-batch.js';
import { encodeBatch, type RecordInput } from '../../protocol/records/encode-batch.js';
import { batchesOf } from '../../protocol/records/record-batch.js';
import { Log } from '../log/log.js';
import { defaultLogConfig } from '../log/log-config.js';

/** Kafka's Topic.CLUSTER_METADATA_TOPIC_PARTITION. */
export const metadataPartition = { topic: '__cluster_metadata', partition: 0 } as const;
export const metadataDirectory = (dataDirectory: string): string => join(dataDirectory, '__cluster_metadata-0');

/** The metadata log: records in batches, each of which holds as a whole or not at all. */
export interface MetadataLog {
  /** What the next record gets. */
  readonly endOffset: bigint;
  /** Of the newest batch; 0 in an empty log. */
  readonly latestEpoch: number;
  readonly append: (records: readonly MetadataRecord[], leaderEpoch: number) => void;
  /** The first batch of an epoch says who leads it (KIP-595). */
  readonly appendLeaderChange: (leaderEpoch: number, leaderId: number, voterIds: readonly number[]) => void;
  /** Whole batches from `offset` on that end below `upToOffset`, about `maxBytes` of them. */
  readonly read: (offset: bigint, upToOffset: bigint, maxBytes: number) => readonly MetadataBatch[];
  readonly flush: () => Promise<void>;
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
  return {
    get endOffset() {
      return log.endOffset;
    },
    get latestEpoch() {
      return log.latestEpoch ?? 0;
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
      log.assignEpochStartOffset(leaderEpoch, log.endOffset);
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
    flush: () => log.flush(),
    close: () => log.close(),
  };
}
