import { type CompressionLevels, compress } from './compression.js';
import type { CompressionType } from './compression-type.js';
import { assembleBatch, type TimestampType } from './record-batch.js';
import { varintSize, writeVarint } from './varint.js';

export interface RecordHeader {
  readonly key: string;
  readonly value: Uint8Array | null;
}
/** A record to be written. */
export interface RecordInput {
  readonly timestampMs: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers?: readonly RecordHeader[];
  /** Default: its place in the batch. */
  readonly offsetDelta?: number;
}

export interface BatchOptions {
  /** Default: 0n, which a leader replaces. */
  readonly baseOffset?: bigint;
  /** Default: -1, which a leader replaces. */
  readonly partitionLeaderEpoch?: number;
  /** Default: none. */
  readonly compression?: CompressionType;
  readonly compressionLevels?: CompressionLevels;
  /** Readers see this time for each record, in the place of its own, which stays in the bytes. Default: their own count. */
  readonly logAppendTimeMs?: number;
  /** Default: -1n, no producer id, with epoch and sequence -1. */
  readonly producerId?: bigint;
  readonly producerEpoch?: number;
  readonly baseSequence?: number;
  readonly isTransactional?: boolean;
  readonly isControl?: boolean;
  /** KIP-534: when the tombstones in it may go; kept where the base timestamp stands. */
  readonly deleteHorizonMs?: number;
  /** Default: that of the last record. The cleaner keeps the range of a batch whose last records are gone. */
  readonly lastOffsetDelta?: number;
}

/** A record batch with magic 2 of these records, checksum and all. */
export function encodeBatch(records: readonly RecordInput[], options: BatchOptions = {}): Uint8Array {
  const { compression = 'none', deleteHorizonMs, logAppendTimeMs } = options;
  const baseTimestampMs = deleteHorizonMs ?? records[0]?.timestampMs ?? -1;
  const lastRecord = records.at(-1);
  const timestampType: TimestampType = logAppendTimeMs === undefined ? 'CreateTime' : 'LogAppendTime';
  const maxTimestampMs = logAppendTimeMs ?? records.reduce((max, { timestampMs }) => Math.max(max, timestampMs), -1);
  return assembleBatch(
    {
      baseOffset: options.baseOffset ?? 0n,
      partitionLeaderEpoch: options.partitionLeaderEpoch ?? -1,
      compression,
      timestampType,
      isTransactional: options.isTransactional ?? false,
      isControl: options.isControl ?? false,
      hasDeleteHorizon: deleteHorizonMs !== undefined,
      lastOffsetDelta: options.lastOffsetDelta ?? lastRecord?.offsetDelta ?? Math.max(records.length - 1, 0),
      baseTimestampMs,
      maxTimestampMs,
      producerId: options.producerId ?? -1n,
      producerEpoch: options.producerEpoch ?? -1,
      baseSequence: options.baseSequence ?? -1,
      recordCount: records.length,
    },
    compress(compression, encodeRecords(records, baseTimestampMs), options.compressionLevels),
  );
}

function encodeRecords(records: readonly RecordInput[], baseTimestampMs: number): Uint8Array {
  // Header keys are turned to bytes once, for their size and for writing.
  const headerKeys = records.map(({ headers }) => headers?.map(({ key }) => Buffer.from(key)) ?? []);
  const bodySizes = records.map((record, index) =>
    bodySize(record, record.offsetDelta ?? index, record.timestampMs - baseTimestampMs, headerKeys[index] ?? []),
  );
  const bytes = Buffer.allocUnsafe(bodySizes.reduce((total, size) => total + varintSize(size) + size, 0));
  let position = 0;
  records.forEach((record, index) => {
    position = writeVarint(bytes, position, bodySizes[index] as number);
    bytes[position++] = 0; // attributes, unused
    position = writeVarint(bytes, position, record.timestampMs - baseTimestampMs);
    position = writeVarint(bytes, position, record.offsetDelta ?? index);
    position = writeNullable(bytes, position, record.key);
    position = writeNullable(bytes, position, record.value);
    const headers = record.headers ?? [];
    position = writeVarint(bytes, position, headers.length);
    headers.forEach(({ value }, headerIndex) => {
      position = writeNullable(bytes, position, headerKeys[index]?.[headerIndex] as Uint8Array);
      position = writeNullable(bytes, position, value);
    });
  });
  return bytes;
}

function bodySize(record: RecordInput, offsetDelta: number, timestampDelta: number, headerKeys: readonly Uint8Array[]): number {
  const headers = record.headers ?? [];
  let size = 1 + varintSize(timestampDelta) + varintSize(offsetDelta);
  size += nullableSize(record.key) + nullableSize(record.value) + varintSize(headers.length);
  headers.forEach(({ value }, index) => {
    size += nullableSize(headerKeys[index] as Uint8Array) + nullableSize(value);
  });
  return size;
}

const nullableSize = (bytes: Uint8Array | null): number => (bytes === null ? 1 : varintSize(bytes.length) + bytes.length);

function writeNullable(target: Uint8Array, position: number, bytes: Uint8Array | null): number {
  if (bytes === null) return writeVarint(target, position, -1);
  const start = writeVarint(target, position, bytes.length);
  target.set(bytes, start);
  return start + bytes.length;
}
