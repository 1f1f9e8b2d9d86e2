import { ProtocolError } from '../../model/errors.js';
import { type CompressionType, compressionTypes } from './compression-type.js';
import { crc32c } from './crc32c.js';

/*
 * Record batch, magic 2 (KIP-98; org.apache.kafka.common.record.DefaultRecordBatch):
 *
 *      0 baseOffset int64          17 crc uint32 (of all after it)      43 producerId int64
 *      8 batchLength int32         21 attributes int16                  51 producerEpoch int16
 *     12 partitionLeaderEpoch int32   23 lastOffsetDelta int32          53 baseSequence int32
 *     16 magic int8                27 baseTimestamp int64               57 recordCount int32
 *                                  35 maxTimestamp int64               61 records
 *
 * attributes: 0-2 compression | 3 timestamp type | 4 transactional | 5 control | 6 the base timestamp is a delete horizon (KIP-534)
 */
const LENGTH = 8;
const LEADER_EPOCH = 12;
const MAGIC = 16;
const CRC = 17;
const ATTRIBUTES = 21;
const LAST_OFFSET_DELTA = 23;
const BASE_TIMESTAMP = 27;
const MAX_TIMESTAMP = 35;
const PRODUCER_ID = 43;
const PRODUCER_EPOCH = 51;
const BASE_SEQUENCE = 53;
const RECORD_COUNT = 57;

/** Base offset and length, in front of batches of every magic. */
const LOG_OVERHEAD_BYTES = 12;
/** The header of a batch with magic 2. */
export const BATCH_HEADER_BYTES = 61;
/** What a message with magic 0 needs after the length: the least that any batch can be. */
const SMALLEST_MESSAGE_BYTES = 14;

export type TimestampType = 'CreateTime' | 'LogAppendTime';

const COMPRESSION_MASK = 0x07;
const LOG_APPEND_TIME = 0x08;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;
const DELETE_HORIZON = 0x40;

/** Everything in a batch's header that isn't found out from its records. */
export interface BatchAttributes {
  readonly compression: CompressionType;
  readonly timestampType: TimestampType;
  readonly isTransactional: boolean;
  readonly isControl: boolean;
  readonly hasDeleteHorizon: boolean;
}

const attributeBits = (attributes: BatchAttributes): number =>
  compressionTypes.indexOf(attributes.compression) |
  (attributes.timestampType === 'LogAppendTime' ? LOG_APPEND_TIME : 0) |
  (attributes.isTransactional ? TRANSACTIONAL : 0) |
  (attributes.isControl ? CONTROL : 0) |
  (attributes.hasDeleteHorizon ? DELETE_HORIZON : 0);

/**
 * A view of one record batch: reads and writes its header in place. Of a batch with magic 0 or 1 only `sizeBytes`, `magic` and
 * `bytes` say something; Kafka 4 has no use for those either.
 */
export class RecordBatch {
  /** The whole batch. */
  readonly bytes: Uint8Array;
  readonly #view: DataView;

  /** `bytes` holds at least a header of magic 2; its own length field isn't looked at. */
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  get baseOffset(): bigint {
    return this.#view.getBigInt64(0);
  }
  get sizeBytes(): number {
    return LOG_OVERHEAD_BYTES + this.#view.getInt32(LENGTH);
  }
  get partitionLeaderEpoch(): number {
    return this.#view.getInt32(LEADER_EPOCH);
  }
  get magic(): number {
    return this.#view.getInt8(MAGIC);
  }
  get crc(): number {
    return this.#view.getUint32(CRC);
  }
  get lastOffsetDelta(): number {
    return this.#view.getInt32(LAST_OFFSET_DELTA);
  }
  get lastOffset(): bigint {
    return this.baseOffset + BigInt(this.lastOffsetDelta);
  }
  /** What the records' deltas are added to. With `hasDeleteHorizon` it is also when tombstones may go. */
  get baseTimestampMs(): number {
    return this.#readMs(BASE_TIMESTAMP);
  }
  get maxTimestampMs(): number {
    return this.#readMs(MAX_TIMESTAMP);
  }
  /** -1n for none. */
  get producerId(): bigint {
    return this.#view.getBigInt64(PRODUCER_ID);
  }
  get producerEpoch(): number {
    return this.#view.getInt16(PRODUCER_EPOCH);
  }
  /** -1 for none. */
  get baseSequence(): number {
    return this.#view.getInt32(BASE_SEQUENCE);
  }
  /** Sequence numbers go from 2^31 - 1 on to 0. */
  get lastSequence(): number {
    const { baseSequence } = this;
    return baseSequence === -1 ? -1 : (baseSequence + this.lastOffsetDelta) % 2 ** 31;
  }
  get recordCount(): number {
    return this.#view.getInt32(RECORD_COUNT);
  }
  get attributes(): number {
    return this.#view.getInt16(ATTRIBUTES);
  }
  /** Null for an id that stands for none. */
  get compression(): CompressionType | null {
    return compressionTypes[this.attributes & COMPRESSION_MASK] ?? null;
  }
  get timestampType(): TimestampType {
    return (this.attributes & LOG_APPEND_TIME) === 0 ? 'CreateTime' : 'LogAppendTime';
  }
  get isTransactional(): boolean {
    return (this.attributes & TRANSACTIONAL) !== 0;
  }
  get isControl(): boolean {
    return (this.attributes & CONTROL) !== 0;
  }
  get hasDeleteHorizon(): boolean {
    return (this.attributes & DELETE_HORIZON) !== 0;
  }
  get hasProducerId(): boolean {
    return this.producerId > -1n;
  }
  /** As stored: compressed where the batch is. */
  get payload(): Uint8Array {
    return this.bytes.subarray(BATCH_HEADER_BYTES, this.sizeBytes);
  }
  computeCrc(): number {
    return crc32c(this.bytes.subarray(ATTRIBUTES, this.sizeBytes));
  }
  get isCrcValid(): boolean {
    return this.computeCrc() === this.crc;
  }

  /** What a leader gives to a batch. The CRC does not cover either. */
  assign(baseOffset: bigint, partitionLeaderEpoch: number): void {
    this.#view.setBigInt64(0, baseOffset);
    this.#view.setInt32(LEADER_EPOCH, partitionLeaderEpoch);
  }

  /** Sets the timestamp type and the largest timestamp, and with them the CRC. */
  setMaxTimestamp(type: TimestampType, timestampMs: number): void {
    if (this.timestampType === type && this.maxTimestampMs === timestampMs) return;
    const { attributes } = this;
    this.#view.setInt16(ATTRIBUTES, type === 'LogAppendTime' ? attributes | LOG_APPEND_TIME : attributes & ~LOG_APPEND_TIME);
    this.#view.setBigInt64(MAX_TIMESTAMP, BigInt(timestampMs));
    this.#view.setUint32(CRC, this.computeCrc());
  }

  /** Milliseconds beyond 2^53, which no clock tells, read as the largest or least safe integer. */
  #readMs(position: number): number {
    const ms = this.#view.getInt32(position) * 2 ** 32 + this.#view.getUint32(position + 4);
    return Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, ms));
  }
}

/** The header's fields, for a batch that is being made. */
export interface BatchHeader extends BatchAttributes {
  readonly baseOffset: bigint;
  readonly partitionLeaderEpoch: number;
  readonly lastOffsetDelta: number;
  readonly baseTimestampMs: number;
  readonly maxTimestampMs: number;
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly recordCount: number;
}

/** A batch of a header and its records, compressed already where the header says so. */
export function assembleBatch(header: BatchHeader, payload: Uint8Array): Uint8Array {
  const bytes = Buffer.allocUnsafe(BATCH_HEADER_BYTES + payload.length);
  bytes.set(payload, BATCH_HEADER_BYTES);
  bytes.writeBigInt64BE(header.baseOffset, 0);
  bytes.writeInt32BE(bytes.length - LOG_OVERHEAD_BYTES, LENGTH);
  bytes.writeInt32BE(header.partitionLeaderEpoch, LEADER_EPOCH);
  bytes.writeInt8(2, MAGIC);
  bytes.writeInt16BE(attributeBits(header), ATTRIBUTES);
  bytes.writeInt32BE(header.lastOffsetDelta, LAST_OFFSET_DELTA);
  bytes.writeBigInt64BE(BigInt(header.baseTimestampMs), BASE_TIMESTAMP);
  bytes.writeBigInt64BE(BigInt(header.maxTimestampMs), MAX_TIMESTAMP);
  bytes.writeBigInt64BE(header.producerId, PRODUCER_ID);
  bytes.writeInt16BE(header.producerEpoch, PRODUCER_EPOCH);
  bytes.writeInt32BE(header.baseSequence, BASE_SEQUENCE);
  bytes.writeInt32BE(header.recordCount, RECORD_COUNT);
  bytes.writeUInt32BE(crc32c(bytes.subarray(ATTRIBUTES)), CRC);
  return bytes;
}

/**
 * The size of the batch at `position`, or null where its header or its end is missing: a torn tail, which every fetch response may
 * have. Throws ProtocolError where the bytes there can't be the beginning of a batch.
 */
export function batchSizeAt(bytes: Uint8Array, position: number): number | null {
  const available = bytes.length - position;
  if (available < LOG_OVERHEAD_BYTES) return null;
  const length = (bytes[position + 8]! << 24) | (bytes[position + 9]! << 16) | (bytes[position + 10]! << 8) | bytes[position + 11]! | 0;
  if (length < SMALLEST_MESSAGE_BYTES) throw new ProtocolError(`The batch at byte ${position} has a length of ${length}`);
  if (available <= MAGIC) return null;
  const magic = bytes[position + MAGIC]!;
  if (magic > 2) throw new ProtocolError(`The batch at byte ${position} has magic ${magic}`);
  const sizeBytes = LOG_OVERHEAD_BYTES + length;
  if (magic === 2 && sizeBytes < BATCH_HEADER_BYTES) throw new ProtocolError(`The batch at byte ${position} is smaller than its header`);
  return sizeBytes <= available ? sizeBytes : null;
}

/** The whole batches in order; a torn one at the end is left out. Throws ProtocolError where it meets what can't be a batch. */
export function* batchesOf(bytes: Uint8Array): Generator<RecordBatch> {
  for (let position = 0; ; ) {
    const sizeBytes = batchSizeAt(bytes, position);
    if (sizeBytes === null) return;
    yield new RecordBatch(bytes.subarray(position, position + sizeBytes));
    position += sizeBytes;
  }
}
