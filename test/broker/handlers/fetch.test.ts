import { beforeEach, describe, expect, it } from 'vitest';
import { deleteRecordsHandler } from '../../../src/broker/handlers/delete-records.js';
import { fetchHandler } from '../../../src/broker/handlers/fetch.js';
import { produceHandler } from '../../../src/broker/handlers/produce.js';
import { errorCode } from '../../../src/model/error-code.js';
import type { Uuid } from '../../../src/model/uuid.js';
import type { FetchRequestInput, FetchResponse } from '../../../src/protocol/messages/fetch.js';
import { decodeRecords } from '../../../src/protocol/records/decode-batch.js';
import { encodeBatch } from '../../../src/protocol/records/encode-batch.js';
import { type DataPlane, nodeId, startDataPlane } from '../data-plane.js';

let node: DataPlane;
let topicId: Uuid;
beforeEach(async () => {
  node = await startDataPlane();
  topicId = node.createTopic('orders', { partitions: 3 });
});

/** One batch of as many bytes as make every batch alike. */
const batchOf = (text: string): Uint8Array =>
  encodeBatch([{ timestampMs: node.context.environment.clock.now(), key: null, value: Buffer.from(text) }]);
async function produce(text: string, partition = 0, topic = 'orders'): Promise<void> {
  const topicData = [{ name: topic, partitionData: [{ index: partition, records: batchOf(text) }] }];
  const { responses } = await node.ask(produceHandler, 9, { acks: 1, timeoutMs: 0, topicData });
  expect(responses[0]!.partitionResponses[0]!.errorCode).toBe(0);
}

interface Target {
  readonly partition?: number;
  readonly offset?: bigint;
  readonly maxBytes?: number;
  readonly currentLeaderEpoch?: number;
  readonly lastFetchedEpoch?: number;
}
const targetsOf = (targets: readonly Target[]) =>
  targets.map(({ partition = 0, offset = 0n, maxBytes = 1e6, currentLeaderEpoch = -1, lastFetchedEpoch = -1 }) => ({
    partition,
    fetchOffset: offset,
    partitionMaxBytes: maxBytes,
    currentLeaderEpoch,
    lastFetchedEpoch,
  }));
const byName = (targets: readonly Target[], options: Partial<FetchRequestInput> = {}): FetchRequestInput => ({
  maxWaitMs: 500,
  minBytes: 1,
  topics: targets.length === 0 ? [] : [{ topic: 'orders', partitions: targetsOf(targets) }],
  ...options,
});
const ask = (request: FetchRequestInput, version = 12) => node.ask(fetchHandler, version, request);
const partitionsOf = ({ responses }: FetchResponse) => responses.flatMap(({ partitions }) => partitions);
const textsOf = (records: Uint8Array | null): string[] => decodeRecords(records!).map(({ value }) => Buffer.from(value!).toString());

/** The first partition's answer to one target. */
async function fetchOne(target: Target, options: Partial<FetchRequestInput> = {}, version = 12) {
  return partitionsOf(await ask(byName([target], options), version))[0]!;
}

describe('Fetch', () => {
  it.each([4, 5, 7, 9, 11, 12])('gives records from an offset on (version %i)', async (version) => {
    for (const text of ['a', 'b', 'c']) await produce(text);
    const answer = await fetchOne({ offset: 1n }, {}, version);
    expect(answer).toMatchObject({
      errorCode: 0,
      highWatermark: 3n,
      lastStableOffset: 3n,
      logStartOffset: version >= 5 ? 0n : -1n,
      abortedTransactions: null,
    });
    expect(textsOf(answer.records)).toEqual(['b', 'c']);
  });

  it.each([13, 16, 18])('takes topic ids (version %i)', async (version) => {
    await produce('a');
    const topics = [{ topicId, partitions: targetsOf([{}]) }];
    const [answer] = partitionsOf(await ask({ maxWaitMs: 0, minBytes: 1, topics }, version));
    expect(textsOf(answer!.records)).toEqual(['a']);
  });

  it('gives no aborted transactions to who reads committed', async () => {
    await produce('a');
    expect(await fetchOne({}, { isolationLevel: 1 })).toMatchObject({ lastStableOffset: 1n, abortedTransactions: [] });
  });

  it('gives whole batches only, from the one that holds the offset', async () => {
    const timestampMs = node.context.environment.clock.now();
    const records = encodeBatch(['a', 'b', 'c'].map((text) => ({ timestampMs, key: null, value: Buffer.from(text) })));
    await node.ask(produceHandler, 9, { acks: 1, timeoutMs: 0, topicData: [{ name: 'orders', partitionData: [{ index: 0, records }] }] });
    await produce('d');
    expect(textsOf((await fetchOne({ offset: 2n })).records)).toEqual(['a', 'b', 'c', 'd']);
    expect(textsOf((await fetchOne({ offset: 2n, maxBytes: records.length + 10 })).records)).toEqual(['a', 'b', 'c']);
  });

  describe('keeps to its limits', () => {
    const size = () => batchOf('a').length;
    beforeEach(async () => {
      for (const text of ['a', 'b', 'c']) for (const partition of [0, 1]) await produce(text, partition);
    });

    it('per partition', async () => {
      expect(textsOf((await fetchOne({ maxBytes: size() * 2 + 1 })).records)).toEqual(['a', 'b']);
    });

    it('over all partitions, in the order of the request', async () => {
      const answer = partitionsOf(await ask(byName([{ partition: 1 }, { partition: 0 }], { maxBytes: size() * 4 })));
      expect(answer.map(({ partitionIndex, records }) => [partitionIndex, ...textsOf(records)])).toEqual([
        [1, 'a', 'b', 'c'],
        [0, 'a'],
      ]);
    });

    it('but gives the first batch of all beyond them', async () => {
      const answer = partitionsOf(await ask(byName([{ partition: 2 }, { maxBytes: 1 }, { partition: 1, maxBytes: 1 }], { maxBytes: 1 })));
      expect(answer.map(({ partitionIndex, records }) => [partitionIndex, ...textsOf(records)])).toEqual([[2], [0, 'a'], [1]]);
    });

    it("and the broker's own, fetch.max.bytes", async () => {
      node = await startDataPlane({ brokerConfig: { 'fetch.max.bytes': '1024' } });
      node.createTopic('orders');
      for (let i = 0; i < 3; i++) await produce('x'.repeat(600));
      expect(textsOf((await fetchOne({})).records)).toHaveLength(1);
    });

    it('and has no answer to negative ones', async () => {
      expect(await fetchOne({ maxBytes: -1 })).toMatchObject({ errorCode: -1 });
    });
  });

  describe('waits', () => {
    const waitedMs = async (work: Promise<unknown>): Promise<number> => {
      const beganMs = node.world.nowMs();
      await work;
      return node.world.nowMs() - beganMs;
    };
    const produceAfter = (delayMs: number, text: string, partition = 0) => {
      node.context.environment.clock.after(delayMs, () => void produce(text, partition));
    };

    it('for an append, and not a moment longer', async () => {
      produceAfter(200, 'a');
      const fetched = fetchOne({}, { maxWaitMs: 10_000 });
      expect(await waitedMs(fetched)).toBe(200);
      expect(textsOf((await fetched).records)).toEqual(['a']);
    });

    it('as long as it was told where nothing comes', async () => {
      const fetched = fetchOne({}, { maxWaitMs: 700 });
      expect(await waitedMs(fetched)).toBe(700);
      expect(await fetched).toMatchObject({ errorCode: 0, highWatermark: 0n, records: new Uint8Array(0) });
    });

    it('not at all with maxWaitMs=0 or minBytes=0', async () => {
      expect(await waitedMs(fetchOne({}, { maxWaitMs: 0 }))).toBe(0);
      expect(await waitedMs(fetchOne({}, { minBytes: 0 }))).toBe(0);
    });

    it('for as many bytes as it asked for, over all partitions', async () => {
      const minBytes = batchOf('a').length * 3;
      produceAfter(100, 'a', 0);
      produceAfter(200, 'b', 1);
      produceAfter(300, 'c', 0);
      const answer = ask(byName([{}, { partition: 1 }], { maxWaitMs: 10_000, minBytes }));
      expect(await waitedMs(answer)).toBe(300);
      expect(partitionsOf(await answer).map(({ records }) => textsOf(records))).toEqual([['a', 'c'], ['b']]);
    });

    it('for no more bytes than its limits allow', async () => {
      await produce('a');
      await produce('b');
      const maxBytes = batchOf('a').length + 10;
      expect(await waitedMs(fetchOne({}, { minBytes: 10_000, maxBytes }))).toBe(0);
      expect(await waitedMs(fetchOne({ maxBytes }, { minBytes: 10_000 }))).toBe(500);
    });

    it('not behind a partition that cannot be read', async () => {
      const answer = ask(byName([{}, { partition: 1, offset: 9n }]));
      expect(await waitedMs(answer)).toBe(0);
      expect(partitionsOf(await answer).map(({ errorCode }) => errorCode)).toEqual([0, errorCode('OFFSET_OUT_OF_RANGE')]);
    });

    it('until the topic is deleted', async () => {
      node.context.environment.clock.after(50, () => node.deleteTopic('orders'));
      const answer = fetchOne({}, { maxWaitMs: 10_000 });
      expect(await waitedMs(answer)).toBe(50);
      expect(await answer).toMatchObject({ errorCode: errorCode('UNKNOWN_TOPIC_OR_PARTITION'), highWatermark: -1n });
    });

    it('until another leader is elected', async () => {
      node.context.environment.clock.after(50, () => node.elect('orders'));
      const answer = fetchOne({ currentLeaderEpoch: 0 }, { maxWaitMs: 10_000 });
      expect(await waitedMs(answer)).toBe(50);
      expect(await answer).toMatchObject({ errorCode: errorCode('FENCED_LEADER_EPOCH') });
    });

    it('many at once, each for its own partition', async () => {
      const answers = [0, 1, 2].map((partition) => fetchOne({ partition }, { maxWaitMs: 1000 }));
      produceAfter(10, 'x', 1);
      const texts = (await Promise.all(answers)).map(({ records }) => textsOf(records));
      expect(texts).toEqual([[], ['x'], []]);
      expect(node.replicas.partitions.map(({ waiters }) => waiters.size)).toEqual([0, 0, 0]);
    });
  });

  describe('refuses', () => {
    it('offsets that are not in the log', async () => {
      await produce('a');
      await produce('b');
      await node.ask(deleteRecordsHandler, 2, {
        timeoutMs: 0,
        topics: [{ name: 'orders', partitions: [{ partitionIndex: 0, offset: 1n }] }],
      });
      for (const offset of [-1n, 0n, 3n]) {
        expect(await fetchOne({ offset })).toMatchObject({
          errorCode: errorCode('OFFSET_OUT_OF_RANGE'),
          highWatermark: -1n,
          logStartOffset: -1n,
        });
      }
      expect(await fetchOne({ offset: 1n })).toMatchObject({ errorCode: 0, logStartOffset: 1n });
    });

    it('what it does not know, and serves the rest', async () => {
      await produce('a');
      const unknownId = 'AAAAAAAAAAAAAAAAAAAAAQ';
      const topics = [
        { topicId: unknownId, partitions: targetsOf([{}]) },
        { topicId, partitions: targetsOf([{}, { partition: 8 }]) },
      ];
      const { responses } = await ask({ maxWaitMs: 0, minBytes: 1, topics }, 13);
      expect(responses.map(({ topicId: id, partitions }) => [id, ...partitions.map((one) => one.errorCode)])).toEqual([
        [topicId, 0],
        [unknownId, errorCode('UNKNOWN_TOPIC_ID')],
        [topicId, errorCode('UNKNOWN_TOPIC_OR_PARTITION')],
      ]);
    });

    it('leader epochs that are not the present one', async () => {
      node.elect('orders');
      expect(await fetchOne({ currentLeaderEpoch: 0 })).toMatchObject({ errorCode: errorCode('FENCED_LEADER_EPOCH') });
      expect(await fetchOne({ currentLeaderEpoch: 2 })).toMatchObject({ errorCode: errorCode('UNKNOWN_LEADER_EPOCH') });
      expect(await fetchOne({ currentLeaderEpoch: 1 })).toMatchObject({ errorCode: 0 });
    });

    it('followers that nobody assigned, and names the leader', async () => {
      const topics = [{ topicId, partitions: targetsOf([{}]) }];
      const response = await ask({ replicaState: { replicaId: 5 }, maxWaitMs: 0, minBytes: 1, topics }, 16);
      expect(partitionsOf(response)[0]).toMatchObject({
        errorCode: errorCode('NOT_LEADER_OR_FOLLOWER'),
        currentLeader: { leaderId: nodeId, leaderEpoch: 0 },
      });
      expect(response.nodeEndpoints).toEqual([{ nodeId, host: 'localhost', port: 9092, rack: null }]);
    });

    it('the leaderless, to those who ask a leader', async () => {
      await produce('a');
      node.elect('orders', -1);
      expect(await fetchOne({}, {}, 10)).toMatchObject({ errorCode: errorCode('NOT_LEADER_OR_FOLLOWER') });
    });
  });

  it('tells where a log diverges from its own', async () => {
    await produce('a');
    node.elect('orders');
    await produce('b');
    const at = (lastFetchedEpoch: number, offset: bigint) => fetchOne({ lastFetchedEpoch, offset }, { maxWaitMs: 0 });
    expect((await at(0, 1n)).divergingEpoch).toEqual({ epoch: -1, endOffset: -1n });
    expect(await at(0, 2n)).toMatchObject({ errorCode: 0, divergingEpoch: { epoch: 0, endOffset: 1n }, records: new Uint8Array(0) });
    expect((await at(1, 2n)).divergingEpoch).toEqual({ epoch: -1, endOffset: -1n });
    expect(await at(1, 5n)).toMatchObject({ errorCode: 0, divergingEpoch: { epoch: 1, endOffset: 2n } });
    expect(await at(7, 1n)).toMatchObject({ errorCode: errorCode('OFFSET_OUT_OF_RANGE') });
  });

  describe('in a session', () => {
    const incremental = (
      sessionId: number,
      sessionEpoch: number,
      targets: readonly Target[] = [],
      options: Partial<FetchRequestInput> = {},
    ) => ask(byName(targets, { sessionId, sessionEpoch, maxWaitMs: 0, ...options }));

    it('gives only what changed', async () => {
      const first = await ask(byName([{}, { partition: 1 }, { partition: 2 }], { sessionEpoch: 0, maxWaitMs: 0 }));
      expect(first.sessionId).toBeGreaterThan(0);
      expect(partitionsOf(first).map(({ partitionIndex }) => partitionIndex)).toEqual([0, 1, 2]);
      await produce('a', 1);
      const second = await incremental(first.sessionId, 1);
      expect(partitionsOf(second).map(({ partitionIndex, records }) => [partitionIndex, ...textsOf(records)])).toEqual([[1, 'a']]);
      const third = await incremental(first.sessionId, 2, [{ partition: 1, offset: 1n }]);
      expect(partitionsOf(third)).toEqual([]);
    });

    it('waits for what it knows of, without being told again', async () => {
      const { sessionId } = await ask(byName([{}, { partition: 1 }], { sessionEpoch: 0, maxWaitMs: 0 }));
      node.context.environment.clock.after(30, () => void produce('a', 1));
      const beganMs = node.world.nowMs();
      const answer = await incremental(sessionId, 1, [], { maxWaitMs: 10_000 });
      expect(node.world.nowMs() - beganMs).toBe(30);
      expect(partitionsOf(answer).map(({ partitionIndex }) => partitionIndex)).toEqual([1]);
    });

    it('waits for what comes to several partitions in one step, all of it', async () => {
      const { sessionId } = await ask(byName([{}, { partition: 1 }], { sessionEpoch: 0, maxWaitMs: 0 }));
      await incremental(sessionId, 1);
      const { clock } = node.context.environment;
      clock.after(100, () => {
        const partitionData = [0, 1].map((index) => ({ index, records: batchOf('a') }));
        void node.ask(produceHandler, 9, { acks: 1, timeoutMs: 0, topicData: [{ name: 'orders', partitionData }] });
      });
      const beganMs = node.world.nowMs();
      const answer = await incremental(sessionId, 2, [], { maxWaitMs: 10_000, minBytes: batchOf('a').length * 2 });
      expect(node.world.nowMs() - beganMs).toBe(100);
      expect(partitionsOf(answer).map(({ records }) => textsOf(records))).toEqual([['a'], ['a']]);
    });

    it('serves every partition in turn', async () => {
      for (const partition of [0, 1, 2]) for (const text of ['a', 'b']) await produce(text, partition);
      const maxBytes = batchOf('a').length;
      const first = await ask(byName([{}, { partition: 1 }, { partition: 2 }], { sessionEpoch: 0, maxBytes }));
      const served = partitionsOf(first).filter(({ records }) => records!.length > 0);
      expect(served.map(({ partitionIndex }) => partitionIndex)).toEqual([0]);
      const seen: number[] = [];
      for (let epoch = 1; epoch <= 3; epoch++) {
        const answer = await incremental(first.sessionId, epoch, [], { maxBytes });
        seen.push(...partitionsOf(answer).flatMap(({ partitionIndex, records }) => (records!.length > 0 ? [partitionIndex] : [])));
      }
      expect(seen).toEqual([0, 1, 2]);
    });

    it('two of them do not meet', async () => {
      const [one, other] = [
        await ask(byName([{}], { sessionEpoch: 0, maxWaitMs: 0 })),
        await ask(byName([{}], { sessionEpoch: 0, maxWaitMs: 0 })),
      ];
      expect(one.sessionId).not.toBe(other.sessionId);
      await produce('a');
      for (const { sessionId } of [one, other]) expect(textsOf(partitionsOf(await incremental(sessionId, 1))[0]!.records)).toEqual(['a']);
    });

    it('refuses what it does not know', async () => {
      const { sessionId } = await ask(byName([{}], { sessionEpoch: 0, maxWaitMs: 0 }));
      expect(await incremental(999_999, 1)).toMatchObject({
        errorCode: errorCode('FETCH_SESSION_ID_NOT_FOUND'),
        sessionId: 0,
        responses: [],
      });
      expect(await incremental(sessionId, 5)).toMatchObject({ errorCode: errorCode('INVALID_FETCH_SESSION_EPOCH') });
      expect(await ask({ sessionId, sessionEpoch: 1, maxWaitMs: 0, minBytes: 1, topics: [] }, 13)).toMatchObject({
        errorCode: errorCode('FETCH_SESSION_TOPIC_ID_ERROR'),
      });
    });

    it('forgets partitions, and ends with the last', async () => {
      const { sessionId } = await ask(byName([{}, { partition: 1 }], { sessionEpoch: 0, maxWaitMs: 0 }));
      const forget = (partition: number, sessionEpoch: number) =>
        incremental(sessionId, sessionEpoch, [], { forgottenTopicsData: [{ topic: 'orders', partitions: [partition] }] });
      expect((await forget(0, 1)).sessionId).toBe(sessionId);
      expect((await forget(1, 2)).sessionId).toBe(0);
      expect(node.replicas.fetchSessions.size).toBe(0);
    });

    it('by topic id, tells a topic that is gone from one that took its name', async () => {
      const topics = [{ topicId, partitions: targetsOf([{}]) }];
      const { sessionId } = await ask({ sessionEpoch: 0, maxWaitMs: 0, minBytes: 1, topics }, 13);
      const next = async (sessionEpoch: number) =>
        partitionsOf(await ask({ sessionId, sessionEpoch, maxWaitMs: 0, minBytes: 1, topics: [] }, 13))[0]?.errorCode;
      node.deleteTopic('orders');
      expect(await next(1)).toBe(errorCode('UNKNOWN_TOPIC_OR_PARTITION'));
      node.createTopic('orders');
      expect(await next(2)).toBe(errorCode('INCONSISTENT_TOPIC_ID'));
    });
  });
});
