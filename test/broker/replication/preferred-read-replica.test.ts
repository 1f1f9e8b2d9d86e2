import { beforeEach, describe, expect, it } from 'vitest';
import { fetchHandler } from '../../../src/broker/handlers/fetch.js';
import { RACK_AWARE_SELECTOR } from '../../../src/broker/replication/preferred-read-replica.js';
import { decodeRecords } from '../../../src/protocol/records/decode-batch.js';
import { type ReplicatedDataPlane, type ReplicatedOptions, startReplication } from '../replicated-data-plane.js';

const rackAware = { racks: ['east', 'west', 'west'], brokerConfig: { 'replica.selector.class': RACK_AWARE_SELECTOR } };
let plane: ReplicatedDataPlane;
const start = async (options: ReplicatedOptions): Promise<void> => {
  plane = await startReplication(options);
  plane.createTopic('orders', [[1, 2, 3]]);
  await plane.world.run(50);
  for (const value of ['a', 'b']) await plane.world.finish(plane.node(1).produce([value]));
  await plane.until(() => [1, 2, 3].every((id) => plane.node(id).partition().highWatermark === 2n));
};
const consume = async (id: number, rackId: string, { fetchOffset = 0n, version = 12, maxWaitMs = 0 } = {}) => {
  const topics = [{ topic: 'orders', partitions: [{ partition: 0, fetchOffset, partitionMaxBytes: 1e6 }] }];
  const answer = await plane.node(id).ask(fetchHandler, version, { maxWaitMs, minBytes: 1, rackId, topics });
  const { errorCode, preferredReadReplica, records } = answer.responses[0]!.partitions[0]!;
  return { errorCode, preferredReadReplica, values: decodeRecords(records!).map(({ value }) => Buffer.from(value!).toString()) };
};

describe('fetch from the nearest replica (KIP-392)', () => {
  describe('with the rack-aware selector', () => {
    beforeEach(() => start(rackAware));

    it('sends a consumer to an in-sync replica of its rack, which answers it', async () => {
      const { preferredReadReplica, values } = await plane.world.finish(consume(1, 'west', { maxWaitMs: 60_000 }));
      expect([2, 3]).toContain(preferredReadReplica);
      expect(values).toEqual([]);
      expect(await plane.world.finish(consume(preferredReadReplica, 'west'))).toEqual({
        ...{ errorCode: 0, preferredReadReplica: -1 },
        values: ['a', 'b'],
      });
    });

    it('keeps the consumers of its own rack, of no rack and of one without replicas', async () => {
      for (const rack of ['east', '', 'north']) {
        expect(await plane.world.finish(consume(1, rack))).toEqual({ errorCode: 0, preferredReadReplica: -1, values: ['a', 'b'] });
      }
    });

    it('passes over replicas that are fenced', async () => {
      for (const id of [2, 3]) {
        plane.setFenced(id, true);
        await plane.world.run(5);
        expect((await plane.world.finish(consume(1, 'west'))).preferredReadReplica).toBe(id === 2 ? 3 : -1);
      }
    });

    it('passes over replicas that are not in sync', async () => {
      plane.controller.isDown = true;
      plane.change({ isr: [1, 2] });
      await plane.world.run(5);
      expect((await plane.world.finish(consume(1, 'west'))).preferredReadReplica).toBe(2);
      plane.change({ isr: [1] });
      await plane.world.run(5);
      expect((await plane.world.finish(consume(1, 'west'))).values).toEqual(['a', 'b']);
    });

    it('passes over replicas that have not the offset', async () => {
      for (const id of [2, 3]) plane.world.network.cut(`broker-${id}`, 'broker-1');
      await plane.world.finish(plane.node(1).produce(['c'], { acks: 1 }));
      expect((await plane.world.finish(consume(1, 'west', { fetchOffset: 2n }))).preferredReadReplica).not.toBe(-1);
      expect((await plane.world.finish(consume(1, 'west', { fetchOffset: 3n }))).preferredReadReplica).toBe(-1);
    });

    it('lets a consumer see on a follower what that knows to be committed, as soon as it does', async () => {
      const waiting = consume(2, 'west', { fetchOffset: 2n, maxWaitMs: 60_000 });
      await plane.world.finish(plane.node(1).produce(['c']));
      expect((await plane.world.finish(waiting)).values).toEqual(['c']);
    });
  });

  it('is not done without a selector', async () => {
    await start({ racks: rackAware.racks });
    expect((await plane.world.finish(consume(1, 'west'))).values).toEqual(['a', 'b']);
  });
});
