import type { Client } from '../client/client.js';
import { chunks } from '../model/chunks.js';
import { failure } from '../model/error-code.js';
import { ProtocolError } from '../model/errors.js';
import { groupBy } from '../model/group-by.js';
import { type TopicPartition, topicPartitionName } from '../model/topic-partition.js';
import { fetch } from '../protocol/messages/fetch.js';
import { initializeCompression } from '../protocol/records/compression.js';
import { readRecords } from '../protocol/records/decode-batch.js';
import { batchesOf, type RecordBatch } from '../protocol/records/record-batch.js';
import { failureIn, failureOfRequest, type Learned } from './answer.js';
import type { CallOptions } from './call-options.js';
import { upToVersion } from './capped-api.js';
import { findLeaders } from './offsets.js';

export interface RecordPosition extends TopicPartition {
  readonly offset: bigint;
}
export interface RecordTime {
  /** Of the first record at the offset or after it, in milliseconds since the epoch; -1 where there is none. */
  readonly timestampMs: number;
}
type Row = Learned<RecordPosition, RecordTime>;

const fetchByName = upToVersion(fetch, 4, 12);
/** Kafka gives whole batches alone, so what is asked of a partition grows until its batch fits in. Most fit into the first. */
const BYTES_OF_PARTITION = [4 * 1024, 128 * 1024, 2 * 1024 * 1024];
const BYTES_OF_REQUEST = 32 * 1024 * 1024;

/** When records were written, in the order of the positions: one batch of each, all leaders at once, many partitions in a request. */
export async function listRecordTimes(
  client: Client,
  positions: readonly RecordPosition[],
  options: CallOptions = {},
): Promise<readonly Row[]> {
  const leaderOf = await findLeaders(client, positions, options);
  const rows = new Map<string, Row>();
  const unread = new Map<number, Map<string, RecordPosition>>();
  for (const position of positions) {
    const leader = leaderOf(position);
    if (typeof leader !== 'number') rows.set(nameOf(position), { ...keyOf(position), timestampMs: null, error: leader });
    else {
      if (!unread.has(leader)) unread.set(leader, new Map());
      unread.get(leader)!.set(nameOf(position), position);
    }
  }
  await Promise.all([...unread].map(([leader, wanted]) => readFrom(client, leader, [...wanted.values()], rows, options)));
  return positions.map((position) => rows.get(nameOf(position))!);
}

const keyOf = ({ topic, partition, offset }: RecordPosition): RecordPosition => ({ topic, partition, offset });
const nameOf = (position: RecordPosition) => `${topicPartitionName(position)} ${position.offset}`;

/** Adds a row for each position. */
async function readFrom(
  client: Client,
  leader: number,
  positions: readonly RecordPosition[],
  rows: Map<string, Row>,
  options: CallOptions,
) {
  let left = positions;
  for (const bytes of BYTES_OF_PARTITION) {
    const requests = onceEach(left).flatMap((part) => chunks(part, BYTES_OF_REQUEST / bytes));
    await Promise.all(requests.map((part) => fetchTimes(client, leader, part, bytes, rows, options)));
    left = left.filter((position) => !rows.has(nameOf(position)));
  }
  // Of a partition that is alone in its request Kafka gives the first batch however large it is.
  await Promise.all(left.map((position) => fetchTimes(client, leader, [position], 1, rows, options)));
  for (const position of left) {
    if (!rows.has(nameOf(position))) rows.set(nameOf(position), { ...keyOf(position), timestampMs: -1, error: null });
  }
}

/** Kafka takes a partition once in a request: the first position of each, then the second of each, and so on. */
function onceEach(positions: readonly RecordPosition[]): readonly (readonly RecordPosition[])[] {
  const rounds: RecordPosition[][] = [];
  for (const members of groupBy(positions, topicPartitionName).values()) {
    for (const [nth, position] of members.entries()) {
      rounds[nth] ??= [];
      rounds[nth].push(position);
    }
  }
  return rounds;
}

/** Adds a row for each position whose batch is in the answer, or that failed. */
async function fetchTimes(
  client: Client,
  leader: number,
  positions: readonly RecordPosition[],
  partitionMaxBytes: number,
  rows: Map<string, Row>,
  options: CallOptions,
): Promise<void> {
  const topics = [...groupBy(positions, ({ topic }) => topic)].map(([topic, members]) => ({
    topic,
    partitions: members.map(({ partition, offset }) => ({ partition, fetchOffset: offset, partitionMaxBytes })),
  }));
  try {
    const { responses } = await client.request(
      fetchByName,
      { maxWaitMs: 0, minBytes: 0, maxBytes: BYTES_OF_REQUEST, topics },
      { to: { broker: leader }, failure: (answer) => answer, ...options },
    );
    const answers = new Map(
      responses.flatMap(({ topic, partitions }) =>
        partitions.map((answer) => [topicPartitionName({ topic, partition: answer.partitionIndex }), answer] as const),
      ),
    );
    // Loads nothing but for the first time, on a Node without a zstd of its own.
    if ([...answers.values()].some(({ records }) => records !== null && isZstdAmong(records))) await initializeCompression();
    for (const position of positions) {
      const answer = answers.get(topicPartitionName(position));
      const error = failureIn(answer);
      if (answer === undefined || error !== null) {
        rows.set(nameOf(position), { ...keyOf(position), timestampMs: null, error: error ?? failure('UNKNOWN_SERVER_ERROR') });
        continue;
      }
      const timestampMs = timestampAt(answer.records ?? new Uint8Array(), position.offset);
      if (timestampMs !== null) rows.set(nameOf(position), { ...keyOf(position), timestampMs, error: null });
    }
  } catch (error) {
    const reason = error instanceof ProtocolError ? failure('CORRUPT_MESSAGE', error.message) : failureOfRequest(error);
    for (const position of positions) rows.set(nameOf(position), { ...keyOf(position), timestampMs: null, error: reason });
  }
}

function isZstdAmong(bytes: Uint8Array): boolean {
  for (const { compression } of batchesOf(bytes)) if (compression === 'zstd') return true;
  return false;
}

/** Null where the bytes hold no whole batch with such a record. */
function timestampAt(bytes: Uint8Array, offset: bigint): number | null {
  for (const batch of batchesOf(bytes)) {
    const timestampMs = timestampIn(batch, offset);
    if (timestampMs !== null) return timestampMs;
  }
  return null;
}

/** Of the first record at the offset or after it; null where the batch ends before. Decompresses only where the header does not tell. */
function timestampIn(batch: RecordBatch, offset: bigint): number | null {
  const { baseOffset, lastOffsetDelta, recordCount, timestampType, baseTimestampMs, maxTimestampMs } = batch;
  if (baseOffset + BigInt(lastOffsetDelta) < offset) return null;
  if (timestampType === 'LogAppendTime' || recordCount === 0) return maxTimestampMs;
  if (baseOffset >= offset && !batch.hasDeleteHorizon) return baseTimestampMs;
  let found: number | null = null;
  readRecords(batch, ({ offsetDelta, timestampDelta }) => {
    if (found === null && baseOffset + BigInt(offsetDelta) >= offset) found = baseTimestampMs + timestampDelta;
  });
  return found ?? maxTimestampMs;
}
