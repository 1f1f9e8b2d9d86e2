import { KafkaError } from '../../model/errors.js';
import { type DecodedRecord, decodeBatch, readRecords } from '../../protocol/records/decode-batch.js';
import { encodeBatch } from '../../protocol/records/encode-batch.js';
import { assembleBatch, RecordBatch } from '../../protocol/records/record-batch.js';
import type { Log } from './log.js';
import type { Segment } from './segment.js';

/** Lets the loop breathe where the work since the last time was long; throws where the cleaning must end. */
export type Pause = () => Promise<void>;

/** The last offset of each key in the dirty part of a log. Keys are held as Latin-1 strings, a byte for each character. */
export interface KeyOffsets {
  readonly offsets: ReadonlyMap<string, bigint>;
  /** Batches from here on were not looked at. */
  readonly endOffset: bigint;
}

/** The most that the keys of one cleaning may take, about; Kafka's log.cleaner.dedupe.buffer.size is as large. */
const MAX_KEYS_BYTES = 128 * 1024 * 1024;
/** What a Map takes for an entry besides the key, about. */
const ENTRY_BYTES = 80;

/**
 * Reads the keys between the offsets. Where there are more than fit, it ends with a whole batch before: the rest is for the next cleaning.
 * Source: org.apache.kafka.storage.internals.log.Cleaner.buildOffsetMap.
 */
export async function readKeyOffsets(log: Log, fromOffset: bigint, endOffset: bigint, pause: Pause): Promise<KeyOffsets> {
  const offsets = new Map<string, bigint>();
  let usedBytes = 0;
  for (const [index, segment] of log.segments.entries()) {
    const next = log.segments[index + 1];
    if (next !== undefined && next.baseOffset <= fromOffset) continue;
    for (const batch of segment.headers(segment.offsetIndex.lookup(fromOffset).position)) {
      if (batch.header.lastOffset < fromOffset) continue;
      if (batch.header.lastOffset >= endOffset) return { offsets, endOffset: batch.header.baseOffset };
      if (usedBytes > MAX_KEYS_BYTES) return { offsets, endOffset: batch.header.baseOffset };
      if (!batch.header.isControl) {
        const { baseOffset } = batch.header;
        readRecords(segment.readBatch(batch), ({ bytes, keyStart, keyLength, offsetDelta }) => {
          if (keyLength < 0) return;
          const key = latin1(bytes, keyStart, keyLength);
          if (!offsets.has(key)) usedBytes += keyLength + ENTRY_BYTES;
          offsets.set(key, baseOffset + BigInt(offsetDelta));
        });
      }
      await pause();
    }
  }
  return { offsets, endOffset };
}

/**
 * Segments next to each other that fit into one after cleaning, so that small ones don't pile up; none at or above `endOffset`.
 * Source: Cleaner.groupSegmentsBySize.
 */
export function groupSegments({ segments, config }: Log, endOffset: bigint): readonly (readonly Segment[])[] {
  const groups: Segment[][] = [];
  let groupBytes = 0;
  let indexBytes = 0;
  for (const [index, segment] of segments.entries()) {
    const next = segments[index + 1];
    if (next === undefined || segment.baseOffset >= endOffset) break;
    const current = groups.at(-1);
    const segmentIndexBytes = Math.max(segment.offsetIndex.file.sizeBytes, segment.timeIndex.file.sizeBytes);
    const fits =
      current !== undefined &&
      groupBytes + segment.sizeBytes <= config.segmentBytes &&
      indexBytes + segmentIndexBytes <= config.segmentIndexBytes &&
      (current[0] as Segment).canHold(next.baseOffset - 1n);
    if (fits) {
      current.push(segment);
      groupBytes += segment.sizeBytes;
      indexBytes += segmentIndexBytes;
    } else {
      groups.push([segment]);
      groupBytes = segment.sizeBytes;
      indexBytes = segmentIndexBytes;
    }
  }
  return groups;
}

/**
 * Writes what is to be kept of these segments into `cleaned`. Kept are the last record of each key, tombstones until their time is
 * over (delete.retention.ms after the first cleaning, KIP-534), records that are newer than the map of keys, control batches, and, as
 * an empty batch, the last batch of each producer, whose sequence number is still needed. Offsets stay. Throws CORRUPT_MESSAGE where a
 * segment is damaged.
 * Source: Cleaner.cleanInto, MemoryRecords.filterTo.
 */
export async function cleanInto(
  cleaned: Segment,
  segments: readonly Segment[],
  log: Log,
  keys: KeyOffsets,
  nowMs: number,
  pause: Pause,
): Promise<void> {
  const { deleteRetentionMs, indexIntervalBytes } = log.config;
  // The file is there even where nothing is kept: it is where the log begins.
  cleaned.append([], indexIntervalBytes);
  const lastBatches = new Set(log.producers.map(({ batches }) => batches.at(-1)?.lastOffset));
  for (const segment of segments) {
    let end = 0;
    for (const position of segment.headers(0)) {
      const batch = segment.readBatch(position);
      if (!batch.isCrcValid) break;
      const kept = cleanBatch(batch, keys, { nowMs, deleteRetentionMs, isLastOfProducer: lastBatches.has(batch.lastOffset) });
      if (kept !== null) cleaned.append([kept], indexIntervalBytes);
      end = position.position + position.sizeBytes;
      await pause();
    }
    // What can't be read must not be lost by cleaning.
    if (end !== segment.sizeBytes) throw new KafkaError('CORRUPT_MESSAGE', `${segment.path} is damaged at byte ${end}`);
  }
}

/** The batch itself where all of it is kept, another with what is kept, or null. */
function cleanBatch(
  batch: RecordBatch,
  keys: KeyOffsets,
  options: { readonly nowMs: number; readonly deleteRetentionMs: number; readonly isLastOfProducer: boolean },
): RecordBatch | null {
  if (batch.isControl || batch.baseOffset >= keys.endOffset) return batch;
  const { baseTimestampMs, hasDeleteHorizon } = batch;
  const keepsTombstones = !hasDeleteHorizon || options.nowMs < baseTimestampMs;
  const records = decodeBatch(batch);
  const kept = records.filter((record) => isKept(record, keys, keepsTombstones));
  if (kept.length === 0) return options.isLastOfProducer && batch.hasProducerId ? emptied(batch) : null;
  const needsHorizon = !hasDeleteHorizon && kept.some(({ value }) => value === null);
  if (kept.length === records.length && !needsHorizon) return batch;
  return rewritten(batch, kept, hasDeleteHorizon ? baseTimestampMs : needsHorizon ? options.nowMs + options.deleteRetentionMs : undefined);
}

/** A record without a key has no place in a compacted log; it came before cleanup.policy was changed. */
function isKept({ key, value, offset }: DecodedRecord, keys: KeyOffsets, keepsTombstones: boolean): boolean {
  if (key === null) return false;
  const latest = keys.offsets.get(latin1(key, 0, key.length));
  return (latest === undefined || offset >= latest) && (value !== null || keepsTombstones);
}

function rewritten(batch: RecordBatch, records: readonly DecodedRecord[], deleteHorizonMs: number | undefined): RecordBatch {
  const { baseOffset, producerId, producerEpoch, baseSequence, isTransactional, partitionLeaderEpoch, lastOffsetDelta } = batch;
  return new RecordBatch(
    encodeBatch(
      records.map((record) => ({ ...record, offsetDelta: Number(record.offset - baseOffset) })),
      {
        baseOffset,
        partitionLeaderEpoch,
        compression: batch.compression ?? 'none',
        ...(batch.timestampType === 'LogAppendTime' ? { logAppendTimeMs: batch.maxTimestampMs } : {}),
        producerId,
        producerEpoch,
        baseSequence,
        isTransactional,
        lastOffsetDelta,
        ...(deleteHorizonMs === undefined ? {} : { deleteHorizonMs }),
      },
    ),
  );
}

function emptied(batch: RecordBatch): RecordBatch {
  const { baseOffset, partitionLeaderEpoch, timestampType, isTransactional, isControl, lastOffsetDelta, maxTimestampMs } = batch;
  const { producerId, producerEpoch, baseSequence } = batch;
  return new RecordBatch(
    assembleBatch(
      {
        baseOffset,
        partitionLeaderEpoch,
        compression: 'none',
        timestampType,
        isTransactional,
        isControl,
        hasDeleteHorizon: false,
        lastOffsetDelta,
        baseTimestampMs: -1,
        maxTimestampMs,
        producerId,
        producerEpoch,
        baseSequence,
        recordCount: 0,
      },
      new Uint8Array(0),
    ),
  );
}

const latin1 = (bytes: Uint8Array, start: number, length: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + start, length).toString('latin1');
