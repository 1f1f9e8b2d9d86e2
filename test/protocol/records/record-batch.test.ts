import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { ProtocolError } from '../../../src/model/errors.js';
import { initializeCompression } from '../../../src/protocol/records/compression.js';
import { compressionTypes } from '../../../src/protocol/records/compression-type.js';
import { decodeBatch, decodeRecords } from '../../../src/protocol/records/decode-batch.js';
import { encodeBatch, type RecordInput } from '../../../src/protocol/records/encode-batch.js';
import { batchesOf, RecordBatch } from '../../../src/protocol/records/record-batch.js';

beforeAll(initializeCompression);

const nullableBytes = fc.option(fc.uint8Array({ maxLength: 300 }), { nil: null });
const records = fc.array(
  fc.record({
    timestampMs: fc.integer({ min: 0, max: 2 ** 45 }),
    key: nullableBytes,
    value: nullableBytes,
    headers: fc.array(fc.record({ key: fc.string(), value: nullableBytes }), { maxLength: 3 }),
  }),
  { minLength: 1, maxLength: 20 },
);
const plain = (record: Omit<RecordInput, 'offsetDelta'>) => ({
  timestampMs: record.timestampMs,
  key: record.key && [...record.key],
  value: record.value && [...record.value],
  headers: record.headers?.map(({ key, value }) => ({ key, value: value && [...value] })),
});

describe('record batches', () => {
  it.each(compressionTypes)('come back as they were written (%s)', (compression) => {
    fc.assert(
      fc.property(records, fc.bigInt({ min: 0n, max: 2n ** 60n }), (input, baseOffset) => {
        const batch = new RecordBatch(encodeBatch(input, { baseOffset, compression, partitionLeaderEpoch: 7 }));
        expect(batch).toMatchObject({ baseOffset, compression, partitionLeaderEpoch: 7, recordCount: input.length, isCrcValid: true });
        expect(batch.sizeBytes).toBe(batch.bytes.length);
        expect(batch.maxTimestampMs).toBe(Math.max(...input.map(({ timestampMs }) => timestampMs)));
        const decoded = decodeBatch(batch);
        expect(decoded.map(plain)).toEqual(input.map(plain));
        expect(decoded.map(({ offset }) => offset)).toEqual(input.map((_, index) => baseOffset + BigInt(index)));
      }),
      { numRuns: 60 },
    );
  });

  it('carry producer, control and transaction', () => {
    const bytes = encodeBatch([{ timestampMs: 5, key: Buffer.from('k'), value: null }], {
      producerId: 2n ** 40n,
      producerEpoch: 3,
      baseSequence: 2 ** 31 - 1,
      isControl: true,
      isTransactional: true,
    });
    const batch = new RecordBatch(bytes);
    expect(batch).toMatchObject({ producerId: 2n ** 40n, producerEpoch: 3, baseSequence: 2 ** 31 - 1, lastSequence: 2 ** 31 - 1 });
    expect(batch).toMatchObject({ isControl: true, isTransactional: true, hasDeleteHorizon: false, timestampType: 'CreateTime' });
  });

  it('wrap sequence numbers around at 2^31', () => {
    const input = [1, 2, 3].map((timestampMs) => ({ timestampMs, key: null, value: null }));
    expect(new RecordBatch(encodeBatch(input, { producerId: 1n, baseSequence: 2 ** 31 - 2 })).lastSequence).toBe(0);
  });

  it('are given offset, epoch and append time in place', () => {
    const batch = new RecordBatch(encodeBatch([{ timestampMs: 5, key: null, value: Buffer.from('v') }]));
    const { crc } = batch;
    batch.assign(41n, 9);
    expect(batch).toMatchObject({ baseOffset: 41n, partitionLeaderEpoch: 9, crc, isCrcValid: true });
    batch.setMaxTimestamp('LogAppendTime', 77);
    expect(batch).toMatchObject({ timestampType: 'LogAppendTime', maxTimestampMs: 77, isCrcValid: true });
    expect(decodeBatch(batch)[0]?.timestampMs).toBe(77);
  });

  it('are split where the next begins, and a torn one is left out', () => {
    const one = encodeBatch([{ timestampMs: 1, key: null, value: Buffer.from('one') }]);
    const two = encodeBatch([{ timestampMs: 2, key: null, value: Buffer.from('two') }], { baseOffset: 1n });
    const both = Buffer.concat([one, two]);
    for (let cut = 0; cut <= both.length; cut++) {
      const whole = cut === both.length ? 2 : cut >= one.length ? 1 : 0;
      expect([...batchesOf(both.subarray(0, cut))].length).toBe(whole);
    }
    expect(decodeRecords(both).map(({ value }) => String(value))).toEqual(['one', 'two']);
  });
});

describe('garbled batches', () => {
  it.each(compressionTypes)('give ProtocolError or records, and nothing else (%s)', (compression) => {
    const good = encodeBatch(
      Array.from({ length: 20 }, (_, index) => ({
        timestampMs: index,
        key: Buffer.from(`key-${index}`),
        value: Buffer.alloc(50, index),
        headers: [{ key: 'h', value: Buffer.from('v') }],
      })),
      { compression },
    );
    fc.assert(
      fc.property(fc.integer({ min: 8, max: good.length - 1 }), fc.integer({ min: 1, max: 255 }), fc.boolean(), (at, flip, cut) => {
        const bytes = Uint8Array.from(cut ? good.subarray(0, at) : good);
        if (!cut) bytes[at]! ^= flip;
        try {
          decodeRecords(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
