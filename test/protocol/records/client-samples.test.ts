import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { beforeAll, describe, expect, it } from 'vitest';
import { initializeCompression } from '../../../src/protocol/records/compression.js';
import { compressionTypes } from '../../../src/protocol/records/compression-type.js';
import { decodeBatch } from '../../../src/protocol/records/decode-batch.js';
import { encodeBatch } from '../../../src/protocol/records/encode-batch.js';
import { batchesOf, type RecordBatch } from '../../../src/protocol/records/record-batch.js';

beforeAll(initializeCompression);

describe('batches from librdkafka', () => {
  const batches = [...batchesOf(readFileSync(new URL('samples/kcat.log', import.meta.url)))];

  it('are there in each compression', () => {
    expect([...new Set(batches.map(({ compression }) => compression))]).toEqual(compressionTypes);
  });

  it('decode, with a sound CRC', () => {
    const numbers = Array.from({ length: 300 }, (_, index) => index + 1).join(',');
    for (const compression of compressionTypes) {
      const own = batches.filter((batch) => batch.compression === compression);
      expect(own.every(({ isCrcValid }) => isCrcValid)).toBe(true);
      const text = own.flatMap(decodeBatch).map(({ key, value }) => [key && String(key), value && String(value)]);
      expect(text).toEqual([
        ['key', `${compression} value`],
        [null, 'no key'],
        ['null', null],
        ['last', numbers],
      ]);
      for (const { headers } of own.flatMap(decodeBatch)) expect(headers).toEqual([{ key: 'trace', value: Buffer.from('abc') }]);
    }
  });
});

describe('kafkajs', () => {
  const load = createRequire(import.meta.url);
  const { RecordBatch: encodeAsKafkajs } = load('kafkajs/src/protocol/recordBatch/v0') as {
    RecordBatch: (batch: Record<string, unknown>) => Promise<{ readonly buffer: Buffer }>;
  };
  const encodeRecordAsKafkajs = load('kafkajs/src/protocol/recordBatch/record/v0') as (record: Record<string, unknown>) => unknown;
  const decodeAsKafkajs = load('kafkajs/src/protocol/recordBatch/v0/decoder') as (decoder: unknown) => Promise<{
    readonly firstOffset: string;
    readonly records: readonly {
      readonly key: Buffer | null;
      readonly value: Buffer | null;
      readonly headers: { readonly trace?: Buffer };
    }[];
  }>;
  const Decoder = load('kafkajs/src/protocol/decoder') as new (buffer: Buffer) => { readInt64: () => unknown; readInt32: () => number };

  it.each(['none', 'gzip'] as const)('writes what we read (%s)', async (compression) => {
    const { buffer } = await encodeAsKafkajs({
      compression: compressionTypes.indexOf(compression),
      firstTimestamp: 1_700_000_000_000,
      maxTimestamp: 1_700_000_000_005,
      producerId: 7,
      producerEpoch: 1,
      firstSequence: 3,
      lastOffsetDelta: 1,
      records: [
        encodeRecordAsKafkajs({ offsetDelta: 0, timestampDelta: 0, key: 'k', value: 'v', headers: { trace: 'abc' } }),
        encodeRecordAsKafkajs({ offsetDelta: 1, timestampDelta: 5, key: null, value: null, headers: {} }),
      ],
    });
    const [batch] = batchesOf(buffer) as Iterable<RecordBatch>;
    expect(batch).toMatchObject({ compression, isCrcValid: true, producerId: 7n, producerEpoch: 1, baseSequence: 3, lastSequence: 4 });
    expect(decodeBatch(batch!)).toEqual([
      {
        offset: 0n,
        timestampMs: 1_700_000_000_000,
        key: Buffer.from('k'),
        value: Buffer.from('v'),
        headers: [{ key: 'trace', value: Buffer.from('abc') }],
      },
      { offset: 1n, timestampMs: 1_700_000_000_005, key: null, value: null, headers: [] },
    ]);
  });

  it.each(['none', 'gzip'] as const)('reads what we write (%s)', async (compression) => {
    const written = encodeBatch(
      [
        { timestampMs: 5, key: Buffer.from('k'), value: Buffer.from('v'), headers: [{ key: 'trace', value: Buffer.from('abc') }] },
        { timestampMs: 6, key: null, value: null },
      ],
      { baseOffset: 41n, compression },
    );
    // Its fetch decoder takes the offset, the length and what stands before the magic itself.
    const decoder = new Decoder(Buffer.from(written));
    const batch = await decodeAsKafkajs(decoder);
    expect(batch.firstOffset).toBe('41');
    expect(batch.records.map(({ key, value }) => [key && String(key), value && String(value)])).toEqual([
      ['k', 'v'],
      [null, null],
    ]);
    expect(batch.records[0]?.headers.trace).toEqual(Buffer.from('abc'));
  });
});
