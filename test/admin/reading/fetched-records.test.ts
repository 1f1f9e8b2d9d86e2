import { expect, it } from 'vitest';
import { type Piece, visibleRecords } from '../../../src/admin/reading/fetched-records.js';
import { encodeControlKey, encodeEndTransactionMarker } from '../../../src/protocol/records/control-record.js';
import { encodeBatch } from '../../../src/protocol/records/encode-batch.js';

const batch = (baseOffset: bigint, values: readonly string[], producerId?: bigint) =>
  encodeBatch(
    values.map((value) => ({ timestampMs: 1_000, key: null, value: Buffer.from(value) })),
    { baseOffset, ...(producerId !== undefined && { producerId, producerEpoch: 0, baseSequence: 0, isTransactional: true }) },
  );
const marker = (baseOffset: bigint, type: 'ABORT' | 'COMMIT', producerId: bigint) =>
  encodeBatch([{ timestampMs: 1_000, key: encodeControlKey(type), value: encodeEndTransactionMarker(0) }], {
    baseOffset,
    producerId,
    producerEpoch: 0,
    isTransactional: true,
    isControl: true,
  });
const told = (pieces: Iterable<Piece>) =>
  [...pieces].flatMap((piece) =>
    'error' in piece
      ? [`${piece.from} to ${piece.to}: ${piece.error.code}`]
      : piece.records.map(({ offset, value }) => `${offset} ${Buffer.from(value ?? []).toString()}`),
  );
const all = { abortedTransactions: null, from: 0n, end: null };

it('gives what lies between the bounds, as Kafka gives whole batches', () => {
  const records = Buffer.concat([batch(10n, ['a', 'b', 'c']), batch(13n, ['d', 'e'])]);
  expect(told(visibleRecords({ ...all, records, from: 11n, end: 14n }))).toEqual(['11 b', '12 c', '13 d']);
  expect(told(visibleRecords({ ...all, records: records.subarray(0, records.length - 1) }))).toEqual(['10 a', '11 b', '12 c']);
});

it('leaves out aborted transactions up to their markers, and control records always', () => {
  const records = Buffer.concat([
    batch(0n, ['aborted'], 7n),
    batch(1n, ['committed'], 8n),
    batch(2n, ['plain']),
    marker(3n, 'COMMIT', 8n),
    marker(4n, 'ABORT', 7n),
    batch(5n, ['committed later'], 7n),
    marker(6n, 'COMMIT', 7n),
    batch(7n, ['aborted again'], 7n),
  ]);
  const abortedTransactions = [
    { producerId: 7n, firstOffset: 7n },
    { producerId: 7n, firstOffset: 0n },
  ];
  expect(told(visibleRecords({ ...all, records, abortedTransactions }))).toEqual(['1 committed', '2 plain', '5 committed later']);
  // The transaction began before what is read now.
  expect(told(visibleRecords({ ...all, records, abortedTransactions, from: 4n }))).toEqual(['5 committed later']);
  expect(told(visibleRecords({ ...all, records }))).toEqual([
    '0 aborted',
    '1 committed',
    '2 plain',
    '5 committed later',
    '7 aborted again',
  ]);
});

it('tells of a damaged batch and goes on after it', () => {
  const damaged = Buffer.from(batch(2n, ['c', 'd']));
  damaged[damaged.length - 1]! ^= 1;
  const old = Buffer.from(batch(4n, ['e']));
  old[16] = 1;
  const records = Buffer.concat([batch(0n, ['a', 'b']), damaged, old, batch(5n, ['f'])]);
  expect(told(visibleRecords({ ...all, records, from: 1n }))).toEqual(['1 b', '2 to 4: CORRUPT_MESSAGE', '4 to 5: CORRUPT_MESSAGE', '5 f']);
});
