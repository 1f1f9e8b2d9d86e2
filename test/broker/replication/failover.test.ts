import { beforeEach, describe, expect, it } from 'vitest';
import { listOffsetsHandler } from '../../../src/broker/handlers/list-offsets.js';
import { errorCode } from '../../../src/model/error-code.js';
import { type ReplicatedDataPlane, startReplication } from '../replicated-data-plane.js';

let plane: ReplicatedDataPlane;
beforeEach(async () => {
  plane = await startReplication();
});

async function orders(replicas: readonly number[] = [1, 2, 3], minInsyncReplicas = 1): Promise<void> {
  plane.createTopic('orders', [replicas], { minInsyncReplicas });
  await plane.world.run(50);
}
/** All that goes from these brokers to those is held back. */
function cut(from: readonly number[], to: readonly number[]): void {
  for (const a of from) for (const b of to) if (a !== b) plane.world.network.cut(`broker-${a}`, `broker-${b}`);
}
function heal(): void {
  for (const a of [1, 2, 3]) for (const b of [1, 2, 3]) if (a !== b) plane.world.network.heal(`broker-${a}`, `broker-${b}`);
}
const produce = (id: number, value: string, acks = -1) => plane.world.finish(plane.node(id).produce([value], { acks }));
const agree = (values: readonly string[], ids: readonly number[] = [1, 2, 3]) =>
  plane.until(() =>
    ids.every(
      (id) => plane.node(id).values().join() === values.join() && plane.node(id).partition().highWatermark === BigInt(values.length),
    ),
  );
const entries = (id: number) =>
  plane
    .node(id)
    .partition()
    .log.epochs.map(({ epoch, startOffset }) => [epoch, Number(startOffset)]);

describe('failover', () => {
  it('loses nothing that was acknowledged with acks=-1', async () => {
    await orders();
    for (const value of ['a', 'b', 'c']) await produce(1, value);
    await plane.node(1).stop();
    plane.setFenced(1, true);
    plane.change({ leader: 2, isr: [2, 3] });
    await plane.world.run(5);
    expect((await produce(2, 'd')).baseOffset).toBe(3n);
    await plane.node(1).start();
    await agree(['a', 'b', 'c', 'd']);
    await plane.until(() => plane.image().isr.length === 3);
  });

  it('forgets how far followers came where another led in between, unheard of', async () => {
    await orders();
    await produce(1, 'a');
    const ends = () => [...plane.node(1).partition().leader!.followers].map(({ logEndOffset }) => logEndOffset);
    plane.change({ leader: 1 });
    await plane.world.run(1);
    expect(ends()).toEqual([1n, 1n]);
    plane.node(1).hold();
    plane.change({ leader: 3 });
    plane.change({ leader: 1 });
    plane.node(1).release();
    // Under broker 3 the others may have cut off what broker 1 takes for theirs.
    expect(ends()).toEqual([-1n, -1n]);
    await produce(1, 'b');
    await agree(['a', 'b']);
  });

  it('goes on at once: nobody waits for a fetch that waits', async () => {
    await orders();
    // Broker 2 leads another topic, so that its followers have a fetch waiting there.
    plane.createTopic('other', [[2, 1, 3]]);
    await produce(1, 'a');
    await plane.world.run(5000);
    plane.setFenced(1, true);
    plane.change({ leader: 2, isr: [2, 3] });
    await plane.world.run(3);
    const beganMs = plane.world.nowMs();
    expect((await produce(2, 'b')).error).toBeNull();
    expect(plane.world.nowMs() - beganMs).toBeLessThan(40);
  });

  it('takes the records of a fenced leader back that nobody else had', async () => {
    await orders();
    await produce(1, 'a');
    cut([1, 2, 3], [1]);
    cut([1], [2, 3]);
    await plane.world.run(5);
    plane.node(1).hold();
    expect((await produce(1, 'lost', 1)).error).toBeNull();
    plane.setFenced(1, true);
    plane.change({ leader: 2, isr: [2, 3] });
    await plane.world.run(5);
    await produce(2, 'b');
    expect(plane.node(1).values()).toEqual(['a', 'lost']);
    heal();
    plane.node(1).release();
    await agree(['a', 'b']);
    expect(entries(1)).toEqual(entries(2));
  });

  it('refuses a fenced leader: nobody fetches from it, and it gets no ISR', async () => {
    await orders();
    await produce(1, 'a');
    plane.node(1).hold();
    plane.change({ leader: 2, isr: [1, 2, 3] });
    await plane.world.run(50);
    expect((await plane.world.finish(plane.node(1).produce(['b'], { timeoutMs: 500 }))).error).toBe('REQUEST_TIMED_OUT');
    expect(plane.node(2).values()).toEqual(['a']);
    expect(plane.node(3).values()).toEqual(['a']);
    plane.node(1).release();
    await agree(['a']);
  });

  it('takes a longer log for none that is right: the epoch decides (KIP-101)', async () => {
    await orders([1, 2]);
    await produce(1, 'a');
    // Broker 2 alone goes on in epoch 1, broker 1 in epoch 2 after it, unclean both times.
    await plane.node(1).stop();
    plane.change({ leader: 2, isr: [2] });
    await plane.world.run(5);
    for (const value of ['b', 'c', 'd']) await produce(2, value);
    // In order, for its checkpoint of the high watermark.
    await plane.node(2).stop('in order');
    await plane.node(1).start();
    plane.change({ leader: 1, isr: [1] });
    await plane.world.run(5);
    await produce(1, 'x');
    await plane.node(2).start();
    await agree(['a', 'x'], [1, 2]);
    expect(plane.node(2).logLines).toContainEqual(expect.stringMatching(/^warn: Truncating orders-0 to 1, below its high watermark 4/));
  });

  it('tells who had to cut its log off what is committed, though nothing comes after', async () => {
    await orders([1, 2]);
    await produce(1, 'a');
    await plane.node(1).stop();
    plane.change({ leader: 2, isr: [2] });
    await plane.world.run(5);
    await produce(2, 'b');
    await plane.node(2).stop();
    await plane.node(1).start();
    plane.change({ leader: 1, isr: [1] });
    await plane.world.run(5);
    await plane.node(2).start();
    await agree(['a'], [1, 2]);
  });

  it('tells what is committed again where the answer that told it came from an epoch that was over', async () => {
    await orders([1, 2]);
    await produce(1, 'a');
    // The fetch that made it committed waits for more, half a second in all, and is answered then.
    await plane.world.run(490);
    cut([1], [2]);
    await plane.world.run(20);
    expect(plane.node(2).partition().highWatermark).toBe(0n);
    plane.change({ leader: 1 });
    await plane.until(() => plane.node(2).partition().leaderEpoch === 1);
    heal();
    await agree(['a'], [1, 2]);
  });

  it('finds the last common epoch where each log has some that the other lacks (KIP-279)', async () => {
    await orders([1, 2]);
    await produce(1, 'a');
    const alone = async (id: number, value: string): Promise<void> => {
      await plane.node(3 - id).stop();
      plane.change({ leader: id, isr: [id] });
      await plane.world.run(5);
      await produce(id, value);
      await produce(id, value);
      await plane.node(id).stop();
      await plane.node(3 - id).start();
    };
    // Epoch 1 is broker 2's, epoch 2 broker 1's, epoch 3 broker 2's, and none of them sees the other's.
    await plane.node(1).stop();
    await plane.node(1).start();
    await alone(2, 'b');
    await plane.node(2).start();
    plane.node(2).hold();
    plane.node(1).hold();
    plane.change({ leader: 1, isr: [1] });
    plane.node(1).release();
    cut([1, 2], [1, 2]);
    await plane.world.run(5);
    await produce(1, 'c');
    plane.node(1).hold();
    plane.change({ leader: 2, isr: [2] });
    plane.node(2).release();
    await plane.world.run(5);
    await produce(2, 'd');
    expect(plane.node(1).values()).toEqual(['a', 'c']);
    expect(plane.node(2).values()).toEqual(['a', 'b', 'b', 'd']);
    heal();
    plane.node(1).release();
    await agree(['a', 'b', 'b', 'd'], [1, 2]);
    expect(entries(1)).toEqual(entries(2));
  });

  it('cuts nothing off where the same leader gets a new epoch', async () => {
    await orders();
    await produce(1, 'a');
    cut([1], [2, 3]);
    await produce(1, 'b', 1);
    plane.change({ leader: 1 });
    await plane.world.run(5);
    expect(plane.node(1).values()).toEqual(['a', 'b']);
    heal();
    await agree(['a', 'b']);
    await produce(1, 'c');
    await agree(['a', 'b', 'c']);
    expect(entries(2)).toEqual(entries(1));
  });

  it('appends once what a producer sends again to the new leader', async () => {
    await orders();
    const batch = { producerId: 7n, producerEpoch: 0, baseSequence: 0 };
    await plane.world.finish(plane.node(1).produce(['a', 'b'], { batch }));
    await plane.node(1).stop();
    plane.change({ leader: 2, isr: [2, 3] });
    await plane.world.run(5);
    expect(await plane.world.finish(plane.node(2).produce(['a', 'b'], { batch }))).toEqual({ error: null, baseOffset: 0n });
    const gap = await plane.world.finish(plane.node(2).produce(['d'], { batch: { ...batch, baseSequence: 3 } }));
    expect(gap.error).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER');
    expect((await plane.world.finish(plane.node(2).produce(['c'], { batch: { ...batch, baseSequence: 2 } }))).error).toBeNull();
    expect(plane.node(2).values()).toEqual(['a', 'b', 'c']);
  });

  it('forgets what a producer appended where that was cut off', async () => {
    await orders();
    await produce(1, 'a');
    cut([1], [2, 3]);
    await plane.world.finish(plane.node(1).produce(['lost'], { acks: 1, batch: { producerId: 7n, producerEpoch: 0, baseSequence: 0 } }));
    plane.change({ leader: 2, isr: [2, 3] });
    await plane.world.run(5);
    heal();
    await produce(2, 'b');
    await agree(['a', 'b']);
    plane.change({ leader: 1 });
    await plane.world.run(20);
    const again = await plane.world.finish(
      plane.node(1).produce(['lost'], { batch: { producerId: 7n, producerEpoch: 0, baseSequence: 0 } }),
    );
    expect(again).toEqual({ error: null, baseOffset: 2n });
  });

  describe('KIP-207', () => {
    const latest = async (id: number, version = 7, timestamp = -1) => {
      const topics = [{ name: 'orders', partitions: [{ partitionIndex: 0, timestamp }] }];
      const { topics: answers } = await plane.world.finish(plane.node(id).ask(listOffsetsHandler, version, { replicaId: -1, topics }));
      return answers[0]!.partitions[0]!;
    };

    it('says OFFSET_NOT_AVAILABLE until the high watermark has come to where the epoch began', async () => {
      await orders();
      for (const value of ['a', 'b']) await produce(1, value);
      await plane.world.run(1000);
      cut([3], [1, 2]);
      const pending = plane.node(1).produce(['c'], { timeoutMs: 60_000 });
      await plane.until(() => plane.node(2).values().length === 3);
      plane.change({ leader: 2, isr: [2, 3] });
      expect((await plane.world.finish(pending)).error).toBe('NOT_LEADER_OR_FOLLOWER');
      await plane.until(() => plane.node(2).partition().isLeader);
      expect(await latest(2)).toMatchObject({ errorCode: errorCode('OFFSET_NOT_AVAILABLE'), offset: -1n });
      expect(await latest(2, 4)).toMatchObject({ errorCode: errorCode('LEADER_NOT_AVAILABLE') });
      // What is there for sure is told.
      expect(await latest(2, 7, -2)).toMatchObject({ errorCode: 0, offset: 0n });
      expect(await latest(2, 7, 0)).toMatchObject({ errorCode: 0, offset: 0n });
      heal();
      await plane.until(() => plane.node(2).partition().highWatermark === 3n);
      expect(await latest(2)).toMatchObject({ errorCode: 0, offset: 3n });
    });
  });
});
