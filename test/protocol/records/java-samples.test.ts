import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { initializeCompression } from '../../../src/protocol/records/compression.js';
import { decodeBatch } from '../../../src/protocol/records/decode-batch.js';
import { encodeBatch } from '../../../src/protocol/records/encode-batch.js';
import { batchesOf, RecordBatch } from '../../../src/protocol/records/record-batch.js';

beforeAll(initializeCompression);

interface JavaRecord {
  readonly offset: number;
  readonly timestampMs: number;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: readonly { readonly key: string; readonly value: string | null }[];
}
interface JavaBatch {
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly producerId: number;
  readonly timestampType: 'CreateTime' | 'LogAppendTime';
  readonly records: readonly JavaRecord[];
  readonly [field: string]: unknown;
}
interface Sample {
  readonly name: string;
  readonly bytes: string;
  readonly batches: readonly JavaBatch[];
}
const samples = gunzipSync(readFileSync(new URL('samples/java.jsonl.gz', import.meta.url)))
  .toString()
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Sample);

const toBase64 = (bytes: Uint8Array | null) => bytes && Buffer.from(bytes).toString('base64');
const fromBase64 = (text: string | null) => (text === null ? null : Buffer.from(text, 'base64'));

const decoded = (batch: RecordBatch): JavaRecord[] =>
  decodeBatch(batch).map(({ offset, timestampMs, key, value, headers }) => ({
    offset: Number(offset),
    timestampMs,
    key: toBase64(key),
    value: toBase64(value),
    headers: headers.map((header) => ({ key: header.key, value: toBase64(header.value) })),
  }));

/** What Kafka 4.3.1's MemoryRecords wrote, with what it read from it; samples/README.md says how they were made. */
describe.each(samples)("Kafka's own batch: $name", ({ bytes, batches }) => {
  it('decodes to what Kafka decodes it to', () => {
    const read = [...batchesOf(Buffer.from(bytes, 'base64'))];
    expect(read).toHaveLength(batches.length);
    read.forEach((batch, index) => {
      const { records, baseOffset, lastOffset, producerId, ...header } = batches[index]!;
      expect(batch).toMatchObject({ ...header, isCrcValid: true });
      expect([batch.baseOffset, batch.lastOffset, batch.producerId]).toEqual([baseOffset, lastOffset, producerId].map(BigInt));
      expect(decoded(batch)).toEqual(records);
    });
  });

  it('is written alike, byte for byte but for what each compressor makes of it', () => {
    const [expected] = batchesOf(Buffer.from(bytes, 'base64')) as Iterable<RecordBatch>;
    const { records, timestampType } = batches[0]!;
    const { baseOffset, producerId, producerEpoch, baseSequence, partitionLeaderEpoch, isControl, isTransactional, compression } =
      expected!;
    const written = encodeBatch(
      records.map(({ timestampMs, key, value, headers }) => ({
        timestampMs,
        key: fromBase64(key),
        value: fromBase64(value),
        headers: headers.map((header) => ({ key: header.key, value: fromBase64(header.value) })),
      })),
      {
        ...{ baseOffset, producerId, producerEpoch, baseSequence, partitionLeaderEpoch, isControl, isTransactional },
        compression: compression!,
        ...(timestampType === 'LogAppendTime' ? { logAppendTimeMs: expected!.maxTimestampMs } : {}),
      },
    );
    // The records' own timestamps under an append time are not among what Kafka says of them.
    if (compression === 'none' && timestampType === 'CreateTime') expect(Buffer.from(written)).toEqual(Buffer.from(expected!.bytes));
    else expect(decoded(new RecordBatch(written))).toEqual(records);
  });
});
