import { beforeEach, describe, expect, it } from 'vitest';
import { fetchHandler } from '../../../src/broker/handlers/fetch.js';
import { HighWatermark } from '../../../src/broker/replication/high-watermark.js';
import { decodeRecords } from '../../../src/protocol/records/decode-batch.js';
import { type ReplicatedDataPlane, startReplication } from '../replicated-data-plane.js';

describe('the high watermark', () => {
  let plane: ReplicatedDataPlane;
  beforeEach(async () => {
    plane = await startReplication({ brokerConfig: { 'replica.lag.time.max.ms': '1000' } });
    plane.createTopic('orders', [[1, 2, 3]], { minInsyncReplicas: 2 });
    await plane.world.run(50);
  });
  const produce = (value: string, acks: number) => plane.world.finish(plane.node(1).produce([value], { acks }));
  const leader = () => plane.node(1).partition();
  const consume = async (id = 1): Promise<readonly string[]> => {
    const topics = [{ topic: 'orders', partitions: [{ partition: 0, fetchOffset: 0n, partitionMaxBytes: 1e6 }] }];
    const { responses } = await plane.world.finish(plane.node(id).ask(fetchHandler, 12, { maxWaitMs: 0, minBytes: 0, topics }));
    return decodeRecords(responses[0]!.partitions[0]!.records!).map(({ value }) => Buffer.from(value!).toString());
  };

  it('stands still while the ISR is smaller than min.insync.replicas: what acks=1 wrote may be invisible (KIP-966)', async () => {
    await produce('a', -1);
    await plane.node(2).stop();
    await plane.node(3).stop();
    expect((await produce('b', 1)).error).toBeNull();
    await plane.until(() => plane.image().isr.length === 1);
    expect((await produce('c', 1)).error).toBeNull();
    await plane.world.run(3000);
    expect(leader().highWatermark).toBe(1n);
    expect(await consume()).toEqual(['a']);
    expect((await produce('d', -1)).error).toBe('NOT_ENOUGH_REPLICAS');
    await plane.node(2).start();
    await plane.until(() => leader().highWatermark === 3n);
    expect(await consume()).toEqual(['a', 'b', 'c']);
  });

  it('goes on at once where min.insync.replicas is lowered', async () => {
    await plane.node(2).stop();
    await plane.node(3).stop();
    await produce('a', 1);
    await plane.until(() => leader().leader!.isr.committed.length === 1);
    plane.setConfig('orders', { minInsyncReplicas: 1 });
    expect(leader().highWatermark).toBe(1n);
  });

  it('asks for no more replicas than there are', async () => {
    plane.createTopic('single', [[1]], { minInsyncReplicas: 2 });
    await plane.world.run(5);
    expect((await plane.world.finish(plane.node(1).produce(['a'], { topic: 'single' }))).error).toBeNull();
    expect(plane.node(1).partition('single').highWatermark).toBe(1n);
  });

  it('is the least log end over the ISR', async () => {
    plane.world.network.cut('broker-1', 'broker-3');
    await produce('a', 1);
    await plane.until(() => plane.node(2).values().length === 1);
    await plane.world.run(20);
    expect(leader().highWatermark).toBe(0n);
    expect(await consume()).toEqual([]);
    plane.world.network.heal('broker-1', 'broker-3');
    await plane.until(() => leader().highWatermark === 1n);
  });

  it('never falls when the leader moves, and the new leader finds out where it is', async () => {
    for (const value of ['a', 'b', 'c']) await produce(value, -1);
    const before = plane.node(2).partition().highWatermark;
    plane.change({ leader: 2 });
    await plane.until(() => plane.node(2).partition().isLeader);
    expect(plane.node(2).partition().highWatermark).toBeGreaterThanOrEqual(before);
    await plane.until(() => plane.node(2).partition().highWatermark === 3n);
    await plane.until(() => plane.node(1).partition().highWatermark === 3n);
  });

  it('counts the bytes that it passed', () => {
    const mark = new HighWatermark(0n, { startOffset: 0n, endOffset: 0n });
    mark.noteAppend(2n, 100);
    mark.noteAppend(5n, 50);
    expect(mark.raiseTo(3n)).toBe(true);
    expect(mark.committedBytes).toBe(100);
    expect(mark.raiseTo(3n)).toBe(false);
    mark.truncateTo(4n);
    expect(mark.offset).toBe(3n);
    mark.noteAppend(6n, 7);
    mark.raiseTo(6n);
    expect(mark.committedBytes).toBe(157);
    mark.truncateTo(1n);
    expect(mark.offset).toBe(1n);
  });
});
