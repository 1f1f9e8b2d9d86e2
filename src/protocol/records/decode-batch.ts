import { ProtocolError } from '../../model/errors.js';
import { decompress } from './compression.js';
import type { RecordHeader } from './encode-batch.js';
import { batchesOf, type RecordBatch } from './record-batch.js';
import { RecordReader } from './record-reader.js';

/** A record as it was read; key, value and headers are views of the batch. */
export interface DecodedRecord {
  readonly offset: bigint;
  readonly timestampMs: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly RecordHeader[];
}

/**
 * The records of one batch with magic 2. The CRC isn't looked at (`batch.isCrcValid`). Throws ProtocolError where the records are not
 * what the header says.
 */
export function decodeBatch(batch: RecordBatch): readonly DecodedRecord[] {
  const { baseOffset, baseTimestampMs } = batch;
  const logAppendTimeMs = batch.timestampType === 'LogAppendTime' ? batch.maxTimestampMs : undefined;
  const records: DecodedRecord[] = [];
  readRecords(batch, (reader) => {
    const { bytes, keyStart, keyLength, valueStart, valueLength } = reader;
    const headers: RecordHeader[] = [];
    reader.readHeaders((headerKeyStart, headerKeyLength, headerValueStart, headerValueLength) => {
      headers.push({
        key: Buffer.from(bytes.buffer, bytes.byteOffset + headerKeyStart, headerKeyLength).toString(),
        value: headerValueLength < 0 ? null : bytes.subarray(headerValueStart, headerValueStart + headerValueLength),
      });
    });
    records.push({
      offset: baseOffset + BigInt(reader.offsetDelta),
      timestampMs: logAppendTimeMs ?? baseTimestampMs + reader.timestampDelta,
      key: keyLength < 0 ? null : bytes.subarray(keyStart, keyStart + keyLength),
      value: valueLength < 0 ? null : bytes.subarray(valueStart, valueStart + valueLength),
      headers,
    });
  });
  return records;
}

/** All records of the whole batches in these bytes, in order: what a Fetch response holds. Throws ProtocolError. */
export function decodeRecords(bytes: Uint8Array): readonly DecodedRecord[] {
  const records: DecodedRecord[] = [];
  for (const batch of batchesOf(bytes)) for (const record of decodeBatch(batch)) records.push(record);
  return records;
}

/**
 * Decompresses a batch and visits its records without making an object for each. Throws ProtocolError where there are fewer or more
 * than the header says, or one of them is garbled.
 */
export function readRecords(batch: RecordBatch, visit: (reader: RecordReader) => void): void {
  const { compression, magic, payload, recordCount } = batch;
  if (magic !== 2) throw new ProtocolError(`Records of magic ${magic} are not supported`);
  if (compression === null) throw new ProtocolError(`Compression type ${batch.attributes & 7} is not known`);
  if (recordCount < 0) throw new ProtocolError(`A batch has ${recordCount} records`);
  // The cleaner leaves empty batches behind, whose payload nobody compressed.
  const reader = new RecordReader(recordCount === 0 ? payload : decompress(compression, payload));
  for (let index = 0; index < recordCount; index++) {
    if (reader.isAtEnd) throw new ProtocolError(`A batch of ${recordCount} records ends after ${index}`);
    reader.next();
    visit(reader);
  }
  if (!reader.isAtEnd) throw new ProtocolError(`A batch holds more than its ${recordCount} records`);
}
