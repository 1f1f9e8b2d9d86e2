import { beforeAll, describe, expect, it } from 'vitest';
import { defaultLogConfig, type LogConfig } from '../../../src/broker/log/log-config.js';
import { type AppendOrigin, RecordValidationError, validateForLeader } from '../../../src/broker/log/log-validator.js';
import { KafkaError } from '../../../src/model/errors.js';
import { initializeCompression } from '../../../src/protocol/records/compression.js';
import { crc32c } from '../../../src/protocol/records/crc32c.js';
import { decodeBatch } from '../../../src/protocol/records/decode-batch.js';
import type { RecordBatch } from '../../../src/protocol/records/record-batch.js';
import { batchOf } from './log-fixture.js';

beforeAll(initializeCompression);

const nowMs = 1_000_000;
function validate(records: Uint8Array, config: Partial<LogConfig> = {}, origin: AppendOrigin = 'client'): readonly RecordBatch[] {
  return validateForLeader(records, {
    topicPartition: { topic: 'orders', partition: 0 },
    config: { ...defaultLogConfig, ...config },
    origin,
    leaderEpoch: 7,
    nextOffset: 100n,
    nowMs,
  });
}
function refusal(records: Uint8Array, config: Partial<LogConfig> = {}): KafkaError {
  try {
    validate(records, config);
  } catch (error) {
    if (error instanceof KafkaError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
/** A batch with one field of its header changed, and the CRC set right again. */
function changed(records: Uint8Array, change: (view: DataView) => void): Uint8Array {
  const bytes = Uint8Array.from(records);
  change(new DataView(bytes.buffer));
  new DataView(bytes.buffer).setUint32(17, crc32c(bytes.subarray(21)));
  return bytes;
}

describe('what a leader appends', () => {
  it('gets offsets and epoch in place', () => {
    const records = batchOf(['a', 'b']);
    const [batch] = validate(records);
    expect(batch).toMatchObject({ baseOffset: 100n, lastOffset: 101n, partitionLeaderEpoch: 7, isCrcValid: true });
    expect(batch!.bytes.buffer).toBe(records.buffer);
  });

  it('may be several batches from a coordinator', () => {
    const batches = validate(Buffer.concat([batchOf(['a', 'b']), batchOf(['c'], { isControl: true })]), {}, 'coordinator');
    expect(batches.map(({ baseOffset, lastOffset }) => [baseOffset, lastOffset])).toEqual([
      [100n, 101n],
      [102n, 102n],
    ]);
  });

  it.each(['gzip', 'snappy', 'lz4', 'zstd'] as const)('keeps its bytes where the topic says producer (%s)', (compression) => {
    const records = batchOf(['a'.repeat(500), 'b'], { compression });
    const [batch] = validate(records);
    expect(batch!.bytes.buffer).toBe(records.buffer);
  });

  it.each([
    ['gzip', 'none'],
    ['none', 'lz4'],
    ['snappy', 'zstd'],
  ] as const)('is compressed anew where the topic says so (%s from %s)', (target, source) => {
    const compressionType = target === 'none' ? 'uncompressed' : target;
    const [batch] = validate(batchOf(['k=a', 'b'], { compression: source, producerId: 5n, producerEpoch: 1, baseSequence: 9 }), {
      compressionType,
    });
    expect(batch).toMatchObject({
      compression: target,
      baseOffset: 100n,
      producerId: 5n,
      producerEpoch: 1,
      baseSequence: 9,
      isCrcValid: true,
    });
    expect(decodeBatch(batch!).map(({ offset, value }) => [offset, String(value)])).toEqual([
      [100n, 'a'],
      [101n, 'b'],
    ]);
  });

  it('gets the append time where the topic says so', () => {
    for (const compression of ['none', 'gzip'] as const) {
      const [batch] = validate(batchOf(['a', 'b'], { compression, timestampMs: 5 }), { messageTimestampType: 'LogAppendTime' });
      expect(batch).toMatchObject({ timestampType: 'LogAppendTime', maxTimestampMs: nowMs, isCrcValid: true });
      expect(decodeBatch(batch!).map(({ timestampMs }) => timestampMs)).toEqual([nowMs, nowMs]);
    }
  });

  it('has its largest timestamp set right', () => {
    const records = changed(batchOf(['a'], { timestampMs: nowMs - 5 }), (view) => view.setBigInt64(35, 12n));
    expect(validate(records)[0]).toMatchObject({ maxTimestampMs: nowMs - 5, isCrcValid: true });
  });
});

describe('what a leader refuses', () => {
  it('has an error of Kafka for each header that is wrong', () => {
    const good = batchOf(['a', 'b']);
    const withProducer = batchOf(['a'], { producerId: 3n, producerEpoch: 0, baseSequence: -1 });
    const cases: [Uint8Array, string, string][] = [
      [new Uint8Array(0), 'INVALID_RECORD', 'no batches'],
      [good.subarray(0, good.length - 1), 'INVALID_RECORD', 'no batches'],
      [Buffer.concat([good, good]), 'INVALID_RECORD', 'more than one batch'],
      [changed(good, (view) => view.setInt8(16, 1)), 'INVALID_RECORD', 'magic 1'],
      [changed(good, (view) => view.setInt8(16, 5)), 'CORRUPT_MESSAGE', 'magic 5'],
      [changed(good, (view) => view.setInt32(8, 20)), 'CORRUPT_MESSAGE', 'smaller than its header'],
      [Uint8Array.from(good).fill(0xff, good.length - 1), 'CORRUPT_MESSAGE', 'Record is corrupt (stored crc = '],
      [changed(good, (view) => view.setBigInt64(0, 9n)), 'INVALID_RECORD', 'should be 0, but it is 9'],
      [changed(good, (view) => view.setInt32(23, -1)), 'INVALID_RECORD', 'invalid offset range'],
      [changed(good, (view) => view.setInt32(23, 2)), 'INVALID_RECORD', 'Inconsistent batch offset range [0, 2] and count of records 2'],
      [changed(good, (view) => view.setInt32(57, 0)), 'INVALID_RECORD', 'Invalid reported count'],
      [changed(good, (view) => view.setInt16(21, 0x20)), 'INVALID_RECORD', 'not allowed to write control records'],
      [changed(good, (view) => view.setInt16(21, 7)), 'UNSUPPORTED_COMPRESSION_TYPE', 'compression'],
      [withProducer, 'INVALID_RECORD', 'Invalid sequence number -1 in record batch with producerId 3'],
    ];
    for (const [records, code, message] of cases) {
      const error = refusal(records);
      expect([error.code, error.message]).toEqual([code, expect.stringContaining(message)]);
    }
  });

  it('has records that do not fill the batch', () => {
    const good = batchOf(['a', 'b']);
    const more = changed(good, (view) => {
      view.setInt32(23, 0);
      view.setInt32(57, 1);
    });
    expect(refusal(more)).toMatchObject({ code: 'INVALID_RECORD', message: expect.stringContaining('more than its 1 records') });
    const fewer = changed(good, (view) => {
      view.setInt32(23, 2);
      view.setInt32(57, 3);
    });
    expect(refusal(fewer)).toMatchObject({ code: 'INVALID_RECORD', message: expect.stringContaining('ends after 2') });
  });

  it('is a batch above max.message.bytes, before compression and after', () => {
    const records = batchOf(['x'.repeat(500)]);
    expect(refusal(records, { maxMessageBytes: records.length - 1 }).code).toBe('MESSAGE_TOO_LARGE');
    const compressed = batchOf(['x'.repeat(500)], { compression: 'gzip' });
    expect(refusal(compressed, { maxMessageBytes: compressed.length, compressionType: 'uncompressed' }).code).toBe('MESSAGE_TOO_LARGE');
    expect(validate(compressed, { maxMessageBytes: compressed.length })).toHaveLength(1);
  });

  it.each(['none', 'gzip'] as const)('is a record without a key in a compacted topic (%s)', (compression) => {
    const error = refusal(batchOf(['k=a', 'b', 'k=c', 'd'], { compression }), { cleanupPolicy: ['compact'] });
    expect(error).toBeInstanceOf(RecordValidationError);
    const message = 'Compacted topic cannot accept message without key in topic partition orders-0';
    expect(error).toMatchObject({
      code: 'INVALID_RECORD',
      message: `One or more records have been rejected due to 2 record errors in total, and only showing the first three errors at most: [RecordError(batchIndex=1, message='${message}'), RecordError(batchIndex=3, message='${message}')]`,
      recordErrors: [
        { batchIndex: 1, batchIndexErrorMessage: message },
        { batchIndex: 3, batchIndexErrorMessage: message },
      ],
    });
  });

  it.each(['none', 'gzip'] as const)('is a record too far in the future or the past (%s)', (compression) => {
    const late = batchOf(['a'], { compression, timestampMs: nowMs + 3_600_001 });
    expect(refusal(late)).toMatchObject({
      code: 'INVALID_TIMESTAMP',
      message: 'One or more records have been rejected due to invalid timestamp',
      recordErrors: [{ batchIndex: 0 }],
    });
    const early = () => batchOf(['a'], { compression, timestampMs: nowMs - 11 });
    expect(validate(early())).toHaveLength(1);
    expect(refusal(early(), { messageTimestampBeforeMaxMs: 10 }).code).toBe('INVALID_TIMESTAMP');
    expect(
      validate(batchOf(['a'], { compression, timestampMs: nowMs + 3_600_001 }), { messageTimestampType: 'LogAppendTime' }),
    ).toHaveLength(1);
  });

  it('is an append time that the client set', () => {
    const records = batchOf(['a'], { logAppendTimeMs: 7 });
    expect(refusal(records, { messageTimestampType: 'LogAppendTime' }).code).toBe('INVALID_TIMESTAMP');
    expect(validate(records)[0]).toMatchObject({ timestampType: 'CreateTime', maxTimestampMs: 7 });
  });

  it('is compressed data that can not be read, where it must be read', () => {
    const records = changed(batchOf(['k=a'.repeat(50)], { compression: 'lz4' }), (view) => view.setUint8(62, 0));
    expect(refusal(records, { cleanupPolicy: ['compact'] }).code).toBe('INVALID_RECORD');
    expect(refusal(records, { compressionType: 'gzip' }).code).toBe('INVALID_RECORD');
  });
});
