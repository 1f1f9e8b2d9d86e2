import { beforeEach, describe, expect, it } from 'vitest';
import { deleteRecordsHandler } from '../../../src/broker/handlers/delete-records.js';
import { listOffsetsHandler } from '../../../src/broker/handlers/list-offsets.js';
import { produceHandler } from '../../../src/broker/handlers/produce.js';
import { errorCode } from '../../../src/model/error-code.js';
import { encodeBatch } from '../../../src/protocol/records/encode-batch.js';
import { type DataPlane, startDataPlane } from '../data-plane.js';

let node: DataPlane;
beforeEach(async () => {
  node = await startDataPlane();
  node.createTopic('orders', { partitions: 2 });
});

async function produce(...timestamps: number[]): Promise<void> {
  const records = encodeBatch(timestamps.map((timestampMs) => ({ timestampMs, key: null, value: Buffer.from('v') })));
  await node.ask(produceHandler, 9, { acks: 1, timeoutMs: 0, topicData: [{ name: 'orders', partitionData: [{ index: 0, records }] }] });
}
interface Options {
  readonly version?: number;
  readonly topic?: string;
  readonly partition?: number;
  readonly currentLeaderEpoch?: number;
  readonly replicaId?: number;
  readonly isolationLevel?: number;
}
async function list(timestamp: number, options: Options = {}) {
  const { version = 11, topic = 'orders', partition = 0, currentLeaderEpoch = -1, replicaId = -1, isolationLevel = 0 } = options;
  const { topics } = await node.ask(listOffsetsHandler, version, {
    replicaId,
    isolationLevel,
    topics: [{ name: topic, partitions: [{ partitionIndex: partition, currentLeaderEpoch, timestamp }] }],
  });
  const { errorCode, timestamp: found, offset, leaderEpoch } = topics[0]!.partitions[0]!;
  return { errorCode, timestamp: found, offset, leaderEpoch };
}
const nothing = { errorCode: 0, timestamp: -1, offset: -1n, leaderEpoch: -1 };
const refused = (name: Parameters<typeof errorCode>[0]) => ({ ...nothing, errorCode: errorCode(name) });

describe('ListOffsets', () => {
  it('finds the earliest, the latest, the first at or after a time, and the newest time', async () => {
    await produce(1000, 3000, 2000);
    await produce(4000, 2500);
    expect(await list(-2)).toEqual({ errorCode: 0, timestamp: -1, offset: 0n, leaderEpoch: 0 });
    expect(await list(-1)).toEqual({ errorCode: 0, timestamp: -1, offset: 5n, leaderEpoch: 0 });
    expect(await list(0)).toEqual({ errorCode: 0, timestamp: 1000, offset: 0n, leaderEpoch: 0 });
    expect(await list(1500)).toEqual({ errorCode: 0, timestamp: 3000, offset: 1n, leaderEpoch: 0 });
    expect(await list(3001)).toEqual({ errorCode: 0, timestamp: 4000, offset: 3n, leaderEpoch: 0 });
    expect(await list(5000)).toEqual(nothing);
    expect(await list(-3)).toEqual({ errorCode: 0, timestamp: 4000, offset: 3n, leaderEpoch: 0 });
  });

  it('gives the log start as the earliest once records were deleted', async () => {
    await produce(1000, 2000, 3000);
    await node.ask(deleteRecordsHandler, 2, {
      timeoutMs: 0,
      topics: [{ name: 'orders', partitions: [{ partitionIndex: 0, offset: 2n }] }],
    });
    expect(await list(-2)).toEqual({ errorCode: 0, timestamp: -1, offset: 2n, leaderEpoch: 0 });
    expect(await list(-4)).toEqual({ errorCode: 0, timestamp: -1, offset: 2n, leaderEpoch: 0 });
    expect(await list(0)).toMatchObject({ offset: 2n, timestamp: 3000 });
  });

  it('answers of an empty log', async () => {
    expect(await list(-1)).toEqual({ errorCode: 0, timestamp: -1, offset: 0n, leaderEpoch: 0 });
    expect(await list(-2)).toEqual({ errorCode: 0, timestamp: -1, offset: 0n, leaderEpoch: 0 });
    for (const timestamp of [-3, 0, 1e15]) expect(await list(timestamp)).toEqual(nothing);
  });

  it('has nothing tiered', async () => {
    await produce(1000);
    expect(await list(-4)).toEqual({ errorCode: 0, timestamp: -1, offset: 0n, leaderEpoch: 0 });
    expect(await list(-5)).toEqual(nothing);
    expect(await list(-6)).toEqual(nothing);
  });

  it.each([
    [-3, 6, 7],
    [-4, 7, 8],
    [-5, 8, 9],
    [-6, 10, 11],
    [-7, 11, null],
  ])('refuses the time %i in version %i', async (timestamp, version, since) => {
    expect(await list(timestamp, { version })).toEqual(refused('UNSUPPORTED_VERSION'));
    if (since !== null) expect(await list(timestamp, { version: since })).toMatchObject({ errorCode: 0 });
  });

  it.each([1, 2, 3])('tells no leader epoch before version 4 (version %i)', async (version) => {
    await produce(1000);
    expect(await list(-1, { version })).toEqual({ errorCode: 0, timestamp: -1, offset: 1n, leaderEpoch: -1 });
  });

  it('answers readers of committed records, debuggers and replicas alike where all is committed', async () => {
    await produce(1000);
    for (const options of [{ isolationLevel: 1 }, { replicaId: -2 }, { replicaId: 5 }])
      expect(await list(-1, options)).toMatchObject({ offset: 1n });
  });

  it('refuses what it does not know or lead', async () => {
    expect(await list(-1, { topic: 'nowhere' })).toEqual(refused('UNKNOWN_TOPIC_OR_PARTITION'));
    expect(await list(-1, { partition: 7 })).toEqual(refused('UNKNOWN_TOPIC_OR_PARTITION'));
    expect(await list(-1, { currentLeaderEpoch: 3 })).toEqual(refused('UNKNOWN_LEADER_EPOCH'));
    node.elect('orders', -1);
    expect(await list(-1, { currentLeaderEpoch: 0 })).toEqual(refused('FENCED_LEADER_EPOCH'));
    expect(await list(-1)).toEqual(refused('NOT_LEADER_OR_FOLLOWER'));
    expect(await list(-1, { replicaId: -2 })).toMatchObject({ errorCode: 0 });
  });

  it('refuses a partition that is asked for twice, in one answer, and that alone', async () => {
    const partition = (partitionIndex: number) => ({ partitionIndex, timestamp: -1 });
    const { topics } = await node.ask(listOffsetsHandler, 7, {
      replicaId: -1,
      isolationLevel: 0,
      topics: [{ name: 'orders', partitions: [partition(0), partition(1), partition(0)] }],
    });
    expect(topics[0]!.partitions.map((one) => one.errorCode)).toEqual([errorCode('INVALID_REQUEST'), 0]);
  });
});
