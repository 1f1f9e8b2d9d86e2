import { beforeEach, describe, expect, it } from 'vitest';
import { offsetForLeaderEpochHandler } from '../../../src/broker/handlers/offset-for-leader-epoch.js';
import { produceHandler } from '../../../src/broker/handlers/produce.js';
import { errorCode } from '../../../src/model/error-code.js';
import { encodeBatch } from '../../../src/protocol/records/encode-batch.js';
import { type DataPlane, startDataPlane } from '../data-plane.js';

let node: DataPlane;
beforeEach(async () => {
  node = await startDataPlane();
  node.createTopic('orders');
});
async function produce(): Promise<void> {
  const records = encodeBatch([{ timestampMs: 0, key: null, value: Buffer.from('v') }]);
  await node.ask(produceHandler, 9, { acks: 1, timeoutMs: 0, topicData: [{ name: 'orders', partitionData: [{ index: 0, records }] }] });
}
async function endOf(leaderEpoch: number, currentLeaderEpoch = -1, topic = 'orders', version = 4) {
  const { topics } = await node.ask(offsetForLeaderEpochHandler, version, {
    topics: [{ topic, partitions: [{ partition: 0, currentLeaderEpoch, leaderEpoch }] }],
  });
  const { errorCode, leaderEpoch: epoch, endOffset } = topics[0]!.partitions[0]!;
  return [errorCode, epoch, endOffset];
}

describe('OffsetForLeaderEpoch', () => {
  it.each([2, 3, 4])('tells where epochs end (version %i)', async (version) => {
    await produce();
    node.elect('orders');
    node.elect('orders');
    await produce();
    await produce();
    expect(await endOf(0, -1, 'orders', version)).toEqual([0, 0, 1n]);
    expect(await endOf(1, -1, 'orders', version)).toEqual([0, 0, 1n]);
    expect(await endOf(2, -1, 'orders', version)).toEqual([0, 2, 3n]);
  });

  it('knows the epoch of an empty log', async () => {
    expect(await endOf(0)).toEqual([0, 0, 0n]);
  });

  it('says -1 of epochs that it knows nothing of', async () => {
    await produce();
    expect(await endOf(5)).toEqual([0, -1, -1n]);
    expect(await endOf(-1)).toEqual([0, -1, -1n]);
  });

  it('refuses old and new leader epochs, unknown topics, and what it does not lead', async () => {
    node.elect('orders');
    expect(await endOf(0, 0)).toEqual([errorCode('FENCED_LEADER_EPOCH'), -1, -1n]);
    expect(await endOf(0, 2)).toEqual([errorCode('UNKNOWN_LEADER_EPOCH'), -1, -1n]);
    expect(await endOf(0, 1)).toEqual([0, 0, 0n]);
    expect(await endOf(0, -1, 'nowhere')).toEqual([errorCode('UNKNOWN_TOPIC_OR_PARTITION'), -1, -1n]);
    node.elect('orders', -1);
    expect(await endOf(0)).toEqual([errorCode('NOT_LEADER_OR_FOLLOWER'), -1, -1n]);
  });
});
