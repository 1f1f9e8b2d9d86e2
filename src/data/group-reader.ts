import type { EachBatchPayload, KafkaMessage } from 'kafkajs';
import type { ClientConfig } from '../client/client.js';
import { openKafkajs } from './kafkajs.js';
import { errorOfKafkajs } from './kafkajs-error.js';

/** A record as our own reader gives it. */
export interface GroupRecord {
  readonly offset: bigint;
  readonly timestampMs: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly { readonly key: string; readonly value: Uint8Array | null }[];
}

export interface GroupReadOptions {
  readonly topic: string;
  readonly group: string;
  /** Where a partition is begun of which the group has committed nothing. */
  readonly from: 'earliest' | 'latest';
  readonly isolation: 'read_uncommitted' | 'read_committed';
  /** Ends the reading; what was taken until then is committed. */
  readonly signal: AbortSignal;
  /**
   * Takes records of a partition and gives how many: those are committed. Fewer than all end the reading. May reject, which commits none.
   */
  readonly take: (partition: number, records: readonly GroupRecord[]) => Promise<number>;
  /** The partitions that are this member's now. True ends the reading. */
  readonly onAssigned: (partitions: readonly number[]) => Promise<boolean>;
  /** The next offset of a partition, once all before it is taken. True ends the reading. */
  readonly onProgress: (partition: number, next: bigint) => boolean;
  /** The topic's partitions without a leader, whenever the cluster was asked; nobody is assigned them here. True ends the reading. */
  readonly onLeaderless: (partitions: readonly number[]) => boolean;
  /** The member fell out of the group and comes back. */
  readonly onRestart: (reason: unknown) => void;
}

/** As Kafka's own consumer: a member that says nothing for so long is taken for dead. */
const SESSION_TIMEOUT_MS = 30_000;
const RETRIES = 5;
const METADATA_MAX_AGE_MS = 5_000;

/**
 * Reads a topic as a member of a group, with kafkajs: joins, takes what it is assigned, commits after what was taken, leaves. Resolves when
 * a callback or the signal has ended it. Rejects with what `take` rejects with, and with KafkaError, ConnectionError and the like.
 */
export async function readAsGroup(config: ClientConfig, options: GroupReadOptions): Promise<void> {
  const { topic, group, from, isolation, signal } = options;
  const onLeaderless = (of: string, partitions: readonly number[]) => {
    if (of === topic && !isEnding && options.onLeaderless(partitions)) end();
  };
  let end: (error?: unknown) => void = () => {};
  let isEnding = false;
  const { kafka, closeSockets } = await openKafkajs(config, { retries: RETRIES, onLeaderless });
  const consumer = kafka.consumer({
    groupId: group,
    allowAutoTopicCreation: false,
    readUncommitted: isolation === 'read_uncommitted',
    sessionTimeout: SESSION_TIMEOUT_MS,
    maxWaitTimeInMs: 500,
    metadataMaxAge: METADATA_MAX_AGE_MS,
  });
  const ended = new Promise<void>((resolve, reject) => {
    end = (error) => {
      isEnding = true;
      if (error === undefined) resolve();
      else reject(error);
    };
  });
  // It may reject before it is awaited.
  ended.catch(() => {});
  const stop = () => end();
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();

  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    options.onAssigned(payload.memberAssignment[topic] ?? []).then((isOver) => {
      if (isOver) end();
    }, end);
  });
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => {
    if (!isEnding && options.onProgress(payload.partition, BigInt(payload.lastOffset) + 1n)) end();
  });
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (payload.restart) options.onRestart(errorOfKafkajs(payload.error));
    else end(errorOfKafkajs(payload.error));
  });
  const eachBatch = async ({ batch, resolveOffset, isStale }: EachBatchPayload) => {
    if (isEnding || isStale()) return;
    const records = batch.messages.map(recordOf);
    try {
      const taken = await options.take(batch.partition, records);
      const last = records[taken - 1];
      if (last !== undefined) resolveOffset(String(last.offset));
      if (taken < records.length) end();
    } catch (error) {
      // Told to kafkajs, it would be tried again.
      end(error);
    }
  };

  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: from === 'earliest' });
    if (!isEnding) await consumer.run({ eachBatch, eachBatchAutoResolve: false });
    await ended;
  } catch (error) {
    throw errorOfKafkajs(error);
  } finally {
    signal.removeEventListener('abort', stop);
    // Waits for the batch under way and its commit, then leaves the group. Where that fails, the group waits for the member's session to
    // end.
    await consumer.disconnect().catch(() => {});
    await closeSockets();
  }
}

function recordOf({ offset, timestamp, key, value, headers = {} }: KafkaMessage): GroupRecord {
  const all = Object.entries(headers).flatMap(([name, values]) =>
    (Array.isArray(values) ? values : [values]).map((one) => ({ key: name, value: one == null ? null : Buffer.from(one) })),
  );
  return { offset: BigInt(offset), timestampMs: Number(timestamp), key, value, headers: all };
}
