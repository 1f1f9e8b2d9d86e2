import { beforeEach, describe, expect, it } from 'vitest';
import { fetchHandler } from '../../../src/broker/handlers/fetch.js';
import { produceHandler } from '../../../src/broker/handlers/produce.js';
import type { Clock } from '../../../src/environment/environment.js';
import { slicesOf } from '../../../src/environment/virtual/slices.js';
import { errorCode } from '../../../src/model/error-code.js';
import { decodeRecords } from '../../../src/protocol/records/decode-batch.js';
import { type BatchOptions, encodeBatch } from '../../../src/protocol/records/encode-batch.js';
import { type DataPlane, startDataPlane } from '../data-plane.js';

let node: DataPlane;
beforeEach(async () => {
  node = await startDataPlane();
});

const batch = (values: readonly string[], options: BatchOptions = {}, key: string | null = 'k'): Uint8Array =>
  encodeBatch(
    values.map((value) => ({
      timestampMs: node.context.environment.clock.now(),
      key: key === null ? null : Buffer.from(key),
      value: Buffer.from(value),
    })),
    options,
  );
interface Options {
  readonly topic?: string;
  readonly index?: number;
  readonly version?: number;
  readonly acks?: number;
  readonly transactionalId?: string;
  readonly clientId?: string;
}
const request = (records: Uint8Array | null, { topic = 'orders', index = 0, acks = 1, transactionalId }: Options = {}) => ({
  transactionalId: transactionalId ?? null,
  acks,
  timeoutMs: 1000,
  topicData: [{ name: topic, partitionData: [{ index, records }] }],
});
async function send(records: Uint8Array | null, options: Options = {}) {
  const { version = 12, clientId = 'test' } = options;
  const { responses } = await node.ask(produceHandler, version, request(records, options), { clientId });
  return responses[0]!.partitionResponses[0]!;
}
const flipped = (bytes: Uint8Array, index: number, bits = 1): Uint8Array => {
  const copy = Uint8Array.from(bytes);
  copy[index]! ^= bits;
  return copy;
};
async function read(topic = 'orders'): Promise<string[]> {
  const { responses } = await node.ask(fetchHandler, 12, {
    maxWaitMs: 0,
    minBytes: 0,
    topics: [{ topic, partitions: [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 1e6 }] }],
  });
  return decodeRecords(responses[0]!.partitions[0]!.records!).map(({ offset, value }) => `${offset} ${Buffer.from(value!)}`);
}

describe('Produce', () => {
  it.each([3, 5, 8, 9, 12])('appends and tells the first offset (version %i)', async (version) => {
    node.createTopic('orders');
    expect(await send(batch(['a', 'b']), { version })).toMatchObject({ errorCode: 0, baseOffset: 0n, logAppendTimeMs: -1 });
    expect(await send(batch(['c']), { version })).toMatchObject({ errorCode: 0, baseOffset: 2n, logStartOffset: version >= 5 ? 0n : -1n });
    expect(await read()).toEqual(['0 a', '1 b', '2 c']);
  });

  it('takes topic ids from version 13 on', async () => {
    const topicId = node.createTopic('orders');
    const ask = (id: string) =>
      node.ask(produceHandler, 13, {
        acks: -1,
        timeoutMs: 0,
        topicData: [
          {
            topicId: id,
            partitionData: [
              { index: 0, records: batch(['a']) },
              { index: 7, records: batch(['a']) },
            ],
          },
        ],
      });
    const { responses } = await ask(topicId);
    expect(responses[0]).toMatchObject({
      topicId,
      partitionResponses: [{ errorCode: 0 }, { errorCode: errorCode('UNKNOWN_TOPIC_OR_PARTITION') }],
    });
    const unknown = await ask('AAAAAAAAAAAAAAAAAAAAAQ');
    expect(unknown.responses[0]!.partitionResponses[0]!.errorCode).toBe(errorCode('UNKNOWN_TOPIC_ID'));
  });

  it('answers each partition for itself', async () => {
    node.createTopic('orders', { partitions: 2 });
    const { responses } = await node.ask(produceHandler, 9, {
      acks: 1,
      timeoutMs: 0,
      topicData: [
        {
          name: 'orders',
          partitionData: [
            { index: 1, records: batch(['a']) },
            { index: 2, records: batch(['b']) },
          ],
        },
        { name: 'nowhere', partitionData: [{ index: 0, records: batch(['c']) }] },
      ],
    });
    const unknown = errorCode('UNKNOWN_TOPIC_OR_PARTITION');
    expect(responses.map(({ name, partitionResponses }) => [name, ...partitionResponses.map((one) => [one.index, one.errorCode])])).toEqual(
      [
        ['orders', [1, 0], [2, unknown]],
        ['nowhere', [0, unknown]],
      ],
    );
  });

  it.each(['gzip', 'snappy', 'lz4', 'zstd'] as const)('keeps %s as it came, and makes it where the topic wants it', async (compression) => {
    node.createTopic('orders');
    node.createTopic('packed', { config: { compressionType: compression } });
    expect(await send(batch(['a', 'b'], { compression }))).toMatchObject({ errorCode: 0 });
    expect(await send(batch(['a', 'b']), { topic: 'packed' })).toMatchObject({ errorCode: 0 });
    expect(await read()).toEqual(['0 a', '1 b']);
    expect(await read('packed')).toEqual(['0 a', '1 b']);
  });

  it('refuses the whole request where the first bytes of a partition are garbage', async () => {
    node.createTopic('orders', { partitions: 2 });
    const partitionData = [batch(['a']), Buffer.alloc(80, 7)].map((records, index) => ({ index, records }));
    const { responses } = await node.ask(produceHandler, 9, { acks: 1, timeoutMs: 0, topicData: [{ name: 'orders', partitionData }] });
    expect(responses[0]!.partitionResponses.map((one) => one.errorCode)).toEqual(Array(2).fill(errorCode('CORRUPT_MESSAGE')));
    expect(responses[0]!.partitionResponses[0]!.errorMessage).toMatch(/magic|length/);
    expect(await read()).toEqual([]);
  });

  it('tells the append time of topics that have it', async () => {
    node.createTopic('orders', { config: { messageTimestampType: 'LogAppendTime' } });
    expect(await send(batch(['a']))).toMatchObject({ errorCode: 0, logAppendTimeMs: node.context.environment.clock.now() });
  });

  describe('refuses', () => {
    beforeEach(() => {
      node.createTopic('orders', { config: { maxMessageBytes: 2000, messageTimestampAfterMaxMs: 1000 } });
      node.createTopic('table', { config: { cleanupPolicy: ['compact'] } });
      node.createTopic('__consumer_offsets');
    });

    const cases: [what: string, error: Parameters<typeof errorCode>[0], () => Promise<{ errorCode: number }>][] = [
      ['acks of 2', 'INVALID_REQUIRED_ACKS', () => send(batch(['a']), { acks: 2 })],
      ['no records', 'INVALID_RECORD', () => send(null)],
      ['empty records', 'INVALID_RECORD', () => send(new Uint8Array(0))],
      ['a torn batch', 'INVALID_RECORD', () => send(batch(['a']).subarray(0, 65))],
      ['two batches', 'INVALID_RECORD', () => send(Buffer.concat([batch(['a']), batch(['b'])]))],
      ['a wrong checksum', 'CORRUPT_MESSAGE', () => send(flipped(batch(['a']), 64))],
      ['an old magic', 'INVALID_RECORD', () => send(flipped(batch(['a']), 16, 3))],
      ['an unknown magic', 'CORRUPT_MESSAGE', () => send(flipped(batch(['a']), 16, 4))],
      ['a base offset', 'INVALID_RECORD', () => send(batch(['a'], { baseOffset: 4n }))],
      ['a control batch', 'INVALID_RECORD', () => send(batch(['a'], { isControl: true }))],
      ['a wrong count', 'INVALID_RECORD', () => send(batch(['a'], { lastOffsetDelta: 3 }))],
      ['a producer without a sequence', 'INVALID_RECORD', () => send(batch(['a'], { producerId: 1n, producerEpoch: 0 }))],
      ['zstd before version 7', 'UNSUPPORTED_COMPRESSION_TYPE', () => send(flipped(batch(['a']), 22, 4), { version: 6 })],
      ['a batch that is too large', 'MESSAGE_TOO_LARGE', () => send(batch(['a'.repeat(3000)]))],
      ['an internal topic', 'INVALID_TOPIC_EXCEPTION', () => send(batch(['a']), { topic: '__consumer_offsets' })],
      ['a stray transaction', 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED', () => send(transactional())],
      ['a transaction', 'INVALID_TXN_STATE', () => send(transactional(), { transactionalId: 't' })],
    ];
    const transactional = () => batch(['a'], { isTransactional: true, producerId: 1n, producerEpoch: 0, baseSequence: 0 });
    it.each(cases)('%s: %s', async (_what, error, attempt) => {
      expect(await attempt()).toMatchObject({ errorCode: errorCode(error), baseOffset: -1n });
      expect(await read()).toEqual([]);
    });

    it('records without a key in a compacted topic, and names them', async () => {
      const records = encodeBatch(
        ['a', 'b'].map((value, index) => ({ timestampMs: 0, key: index === 0 ? Buffer.from('k') : null, value: Buffer.from(value) })),
      );
      expect(await send(records, { topic: 'table' })).toMatchObject({
        errorCode: errorCode('INVALID_RECORD'),
        logStartOffset: 0n,
        recordErrors: [
          { batchIndex: 1, batchIndexErrorMessage: 'Compacted topic cannot accept message without key in topic partition table-0' },
        ],
        errorMessage: expect.stringContaining('One or more records have been rejected due to 1 record errors in total'),
      });
    });

    it('timestamps too far ahead, and names the records', async () => {
      const timestampMs = node.context.environment.clock.now() + 5000;
      const answer = await send(encodeBatch([{ timestampMs, key: null, value: Buffer.from('a') }]));
      expect(answer).toMatchObject({
        errorCode: errorCode('INVALID_TIMESTAMP'),
        recordErrors: [{ batchIndex: 0 }],
        errorMessage: 'One or more records have been rejected due to invalid timestamp',
      });
    });

    it("nothing that Kafka's own admin client writes to internal topics", async () => {
      expect(await send(batch(['a']), { topic: '__consumer_offsets', clientId: '__admin_client' })).toMatchObject({ errorCode: 0 });
    });
  });

  it('names the leader to a producer that asks the wrong broker', async () => {
    node.createTopic('orders');
    node.elect('orders', -1);
    expect(await send(batch(['a']), { version: 9 })).toMatchObject({ errorCode: errorCode('NOT_LEADER_OR_FOLLOWER') });
    expect(await send(batch(['a']))).toMatchObject({
      errorCode: errorCode('NOT_LEADER_OR_FOLLOWER'),
      currentLeader: { leaderId: -1, leaderEpoch: 1 },
    });
  });

  it('says KAFKA_STORAGE_ERROR where the disk is full, and goes on when it no longer is', async () => {
    node.createTopic('orders');
    await send(batch(['a']));
    node.storage.capacityBytes = node.storage.usedBytes;
    expect(await send(batch(['b']))).toMatchObject({ errorCode: errorCode('KAFKA_STORAGE_ERROR') });
    // The node says it once for all of them.
    expect(node.logLines).toEqual([]);
    node.storage.capacityBytes = Number.MAX_SAFE_INTEGER;
    expect(await send(batch(['c']))).toMatchObject({ errorCode: 0, baseOffset: 1n });
    expect(await read()).toEqual(['0 a', '1 c']);
  });

  describe('with acks=0', () => {
    it('answers nothing, and closes the connection on an error', async () => {
      node.createTopic('orders');
      expect(await node.askForNothing(produceHandler, 9, request(batch(['a']), { acks: 0 }))).toBeNull();
      expect(await node.askForNothing(produceHandler, 9, request(flipped(batch(['b']), 64), { acks: 0 }))).toBe('close');
      expect(await node.askForNothing(produceHandler, 9, request(batch(['c']), { acks: 0, topic: 'nowhere' }))).toBe('close');
      expect(await read()).toEqual(['0 a']);
    });
  });

  describe('from an idempotent producer', () => {
    const sequenced = (values: readonly string[], baseSequence: number, producerEpoch = 0) =>
      batch(values, { producerId: 7n, producerEpoch, baseSequence });
    beforeEach(() => {
      node.createTopic('orders');
    });

    it('appends a repeated batch once, and answers as at the first time', async () => {
      expect(await send(sequenced(['a', 'b'], 0))).toMatchObject({ errorCode: 0, baseOffset: 0n });
      expect(await send(sequenced(['c'], 2))).toMatchObject({ errorCode: 0, baseOffset: 2n });
      expect(await send(sequenced(['a', 'b'], 0))).toMatchObject({ errorCode: 0, baseOffset: 0n });
      expect(await read()).toEqual(['0 a', '1 b', '2 c']);
    });

    it.each(['in order', 'killed'] as const)('knows repeated batches after the node stopped %s', async (how) => {
      await send(sequenced(['a'], 0));
      await node.restart(how);
      expect(await send(sequenced(['a'], 0))).toMatchObject({ errorCode: 0, baseOffset: 0n });
      expect(await send(sequenced(['b'], 1))).toMatchObject({ errorCode: 0, baseOffset: 1n });
      expect(await read()).toEqual(['0 a', '1 b']);
    });

    it('refuses gaps and old epochs', async () => {
      await send(sequenced(['a'], 0, 1));
      expect(await send(sequenced(['b'], 5, 1))).toMatchObject({ errorCode: errorCode('OUT_OF_ORDER_SEQUENCE_NUMBER') });
      expect(await send(sequenced(['c'], 1, 0))).toMatchObject({ errorCode: errorCode('INVALID_PRODUCER_EPOCH') });
      expect(await read()).toEqual(['0 a']);
    });
  });

  it('serves others between partitions that take long, and appends to each in its turn', async () => {
    const count = 40;
    node.createTopic('orders', { partitions: count });
    const { environment } = node.context;
    let looks = 0;
    let turns = 0;
    const slow: Clock = {
      ...environment.clock,
      beginSlice: slicesOf(() => looks++),
      after: (delayMs, task) => {
        turns++;
        return environment.clock.after(delayMs, task);
      },
    };
    const handle: typeof produceHandler.handle = (context, ...rest) =>
      produceHandler.handle({ ...context, environment: { ...environment, clock: slow } }, ...rest);
    const partitionData = Array.from({ length: count }, (_, index) => ({ index, records: batch([`${index}`]) }));
    const { responses } = await node.ask({ ...produceHandler, handle }, 12, {
      ...request(null),
      topicData: [{ name: 'orders', partitionData }],
    });
    expect(responses[0]!.partitionResponses.map(({ index, errorCode: code, baseOffset }) => [index, code, baseOffset])).toEqual(
      partitionData.map(({ index }) => [index, 0, 0n]),
    );
    expect(turns).toBeGreaterThan(5);
  });

  describe('with flush.messages=1', () => {
    beforeEach(() => {
      node.createTopic('orders', { config: { flushMessages: 1 } });
    });

    it('is answered, and its records are seen, once they survive power loss', async () => {
      const answer = send(batch(['a']));
      const { replicas, metadata } = node.context;
      const partition = replicas.partition(metadata.topics.byName.get('orders')!.id, 0)!;
      expect(partition.log.endOffset).toBe(1n);
      expect(partition.highWatermark).toBe(0n);
      expect(await answer).toMatchObject({ errorCode: 0 });
      expect(partition.highWatermark).toBe(1n);
      expect(partition.log.recoveryPoint).toBe(1n);
    });
  });
});
