import { beforeEach, describe, expect, it } from 'vitest';
import { deleteRecordsHandler } from '../../../src/broker/handlers/delete-records.js';
import { produceHandler } from '../../../src/broker/handlers/produce.js';
import { errorCode } from '../../../src/model/error-code.js';
import { encodeBatch } from '../../../src/protocol/records/encode-batch.js';
import { type DataPlane, startDataPlane } from '../data-plane.js';

let node: DataPlane;
beforeEach(async () => {
  node = await startDataPlane();
  node.createTopic('orders');
  const timestampMs = node.context.environment.clock.now();
  const records = encodeBatch(['a', 'b', 'c'].map((text) => ({ timestampMs, key: Buffer.from('k'), value: Buffer.from(text) })));
  await node.ask(produceHandler, 9, { acks: 1, timeoutMs: 0, topicData: [{ name: 'orders', partitionData: [{ index: 0, records }] }] });
});

async function deleteBefore(offset: bigint, topic = 'orders', version = 2) {
  const { topics } = await node.ask(deleteRecordsHandler, version, {
    timeoutMs: 1000,
    topics: [{ name: topic, partitions: [{ partitionIndex: 0, offset }] }],
  });
  return topics[0]!.partitions[0]!;
}
const refused = (name: Parameters<typeof errorCode>[0]) => ({ partitionIndex: 0, lowWatermark: -1n, errorCode: errorCode(name) });

describe('DeleteRecords', () => {
  it.each([0, 1, 2])('raises the log start, and never lowers it (version %i)', async (version) => {
    expect(await deleteBefore(2n, 'orders', version)).toEqual({ partitionIndex: 0, lowWatermark: 2n, errorCode: 0 });
    expect(await deleteBefore(1n, 'orders', version)).toEqual({ partitionIndex: 0, lowWatermark: 2n, errorCode: 0 });
  });

  it('takes -1 for the high watermark', async () => {
    expect(await deleteBefore(-1n)).toEqual({ partitionIndex: 0, lowWatermark: 3n, errorCode: 0 });
  });

  it.each(['in order', 'killed'] as const)('holds after the node stopped %s', async (how) => {
    await deleteBefore(2n);
    await node.world.run(120_000);
    await node.restart(how);
    expect(await deleteBefore(0n)).toEqual({ partitionIndex: 0, lowWatermark: 2n, errorCode: 0 });
  });

  it('refuses offsets that are not below the high watermark or at it', async () => {
    expect(await deleteBefore(4n)).toEqual(refused('OFFSET_OUT_OF_RANGE'));
    expect(await deleteBefore(-2n)).toEqual(refused('OFFSET_OUT_OF_RANGE'));
  });

  it('refuses topics that keep their records', async () => {
    node.createTopic('table', { config: { cleanupPolicy: ['compact'] } });
    node.createTopic('both', { config: { cleanupPolicy: ['compact', 'delete'] } });
    expect(await deleteBefore(-1n, 'table')).toEqual(refused('POLICY_VIOLATION'));
    expect(await deleteBefore(-1n, 'both')).toMatchObject({ errorCode: 0 });
  });

  it('refuses internal topics, unknown ones, and those without a leader', async () => {
    node.createTopic('__consumer_offsets');
    expect(await deleteBefore(0n, '__consumer_offsets')).toEqual(refused('INVALID_TOPIC_EXCEPTION'));
    expect(await deleteBefore(0n, 'nowhere')).toEqual(refused('UNKNOWN_TOPIC_OR_PARTITION'));
    node.elect('orders', -1);
    expect(await deleteBefore(0n)).toEqual(refused('NOT_LEADER_OR_FOLLOWER'));
  });
});
