import { beforeEach, describe, expect, it } from 'vitest';
import { type Produced, type ReplicatedDataPlane, startReplication } from '../replicated-data-plane.js';

let plane: ReplicatedDataPlane;
beforeEach(async () => {
  plane = await startReplication();
});

/** A topic on brokers 1, 2 and 3, led by 1 and followed by all. */
async function orders(minInsyncReplicas = 1): Promise<void> {
  plane.createTopic('orders', [[1, 2, 3]], { minInsyncReplicas });
  await plane.world.run(50);
}
/** The followers fetch no more, and are still in the ISR. */
function cutOff(...followers: readonly number[]): void {
  for (const id of followers) {
    plane.world.network.cut(`broker-${id}`, 'broker-1');
    plane.world.network.cut('broker-1', `broker-${id}`);
  }
}
/** What came of it within so many milliseconds, or null. */
async function within(ms: number, promise: Promise<Produced>): Promise<Produced | null> {
  let produced: Produced | null = null;
  void promise.then((value) => {
    produced = value;
  });
  await plane.world.run(ms);
  return produced;
}

describe('acks', () => {
  it('=0 is appended', async () => {
    await orders();
    // There is no answer, which is what fails.
    await plane
      .node(1)
      .produce(['a'], { acks: 0 })
      .catch(() => {});
    await plane.until(() => plane.node(3).partition().highWatermark === 1n);
    expect(plane.node(3).values()).toEqual(['a']);
  });

  it('=1 is answered when the leader has it', async () => {
    await orders();
    cutOff(2, 3);
    expect(await plane.world.finish(plane.node(1).produce(['a'], { acks: 1 }))).toEqual({ error: null, baseOffset: 0n });
    expect(plane.node(1).partition().highWatermark).toBe(0n);
  });

  it('=-1 is answered when all in-sync replicas have it', async () => {
    await orders();
    cutOff(3);
    const produced = plane.node(1).produce(['a'], { timeoutMs: 60_000 });
    expect(await within(500, produced)).toBeNull();
    expect(plane.node(2).values()).toEqual(['a']);
    plane.world.network.heal('broker-3', 'broker-1');
    plane.world.network.heal('broker-1', 'broker-3');
    expect(await plane.world.finish(produced)).toEqual({ error: null, baseOffset: 0n });
    expect(plane.node(3).values()).toEqual(['a']);
  });

  it('=-1 takes no longer than the network', async () => {
    await orders();
    const beganMs = plane.world.nowMs();
    for (let count = 0; count < 20; count++) await plane.world.finish(plane.node(1).produce(['a']));
    // To the followers, back with the records, and the next fetch: three ways of at most half a millisecond.
    expect((plane.world.nowMs() - beganMs) / 20).toBeLessThan(3);
  });

  it('=-1 gives up with REQUEST_TIMED_OUT, and the records stay', async () => {
    await orders();
    cutOff(2);
    expect(await plane.world.finish(plane.node(1).produce(['a'], { timeoutMs: 300 }))).toEqual({
      error: 'REQUEST_TIMED_OUT',
      baseOffset: 0n,
    });
    expect(plane.node(1).values()).toEqual(['a']);
  });

  it('=-1 is refused with NOT_ENOUGH_REPLICAS below min.insync.replicas, and nothing is appended', async () => {
    await orders(2);
    plane.change({ isr: [1] });
    await plane.world.run(5);
    // The followers would be back in the ISR at once.
    plane.setFenced(2, true);
    plane.setFenced(3, true);
    plane.change({ isr: [1] });
    await plane.world.run(5);
    expect((await plane.world.finish(plane.node(1).produce(['a']))).error).toBe('NOT_ENOUGH_REPLICAS');
    expect(plane.node(1).values()).toEqual([]);
    expect((await plane.world.finish(plane.node(1).produce(['b'], { acks: 1 }))).error).toBeNull();
  });

  it('=-1 tells NOT_ENOUGH_REPLICAS_AFTER_APPEND where the ISR shrank meanwhile and min.insync.replicas was lowered and raised', async () => {
    await orders(1);
    cutOff(2, 3);
    const produced = plane.node(1).produce(['a'], { timeoutMs: 60_000 });
    await plane.world.run(5);
    // With one member it is committed; by the answer that is too few.
    plane.setFenced(2, true);
    plane.setFenced(3, true);
    plane.node(1).hold();
    plane.change({ isr: [1] });
    const { log } = plane.node(1).partition();
    const config = { ...log.config };
    let reads = 0;
    // The high watermark rises under the old config, the answer is made under the new one.
    log.updateConfig(Object.defineProperty(config, 'minInsyncReplicas', { get: () => (reads++ === 0 ? 1 : 2) }));
    plane.node(1).release();
    expect(await plane.world.finish(produced)).toEqual({ error: 'NOT_ENOUGH_REPLICAS_AFTER_APPEND', baseOffset: 0n });
  });

  it('=-1 tells NOT_LEADER_OR_FOLLOWER where leadership is lost while it waits', async () => {
    await orders();
    cutOff(2);
    const produced = plane.node(1).produce(['a'], { timeoutMs: 60_000 });
    await plane.world.run(5);
    plane.change({ leader: 3, isr: [1, 3] });
    expect(await plane.world.finish(produced)).toEqual({ error: 'NOT_LEADER_OR_FOLLOWER', baseOffset: 0n });
  });

  it('=-1 tells NOT_LEADER_OR_FOLLOWER where the partition goes away while it waits', async () => {
    await orders();
    cutOff(2);
    const produced = plane.node(1).produce(['a'], { timeoutMs: 60_000 });
    await plane.world.run(5);
    plane.change({ leader: 3, isr: [3], replicas: [3, 2] });
    expect(await plane.world.finish(produced)).toEqual({ error: 'NOT_LEADER_OR_FOLLOWER', baseOffset: 0n });
  });

  it('=-1 of a batch that was appended before waits for its replication too', async () => {
    await orders();
    cutOff(2);
    const batch = { producerId: 7n, producerEpoch: 0, baseSequence: 0 };
    expect((await plane.world.finish(plane.node(1).produce(['a'], { batch, timeoutMs: 100 }))).error).toBe('REQUEST_TIMED_OUT');
    const again = plane.node(1).produce(['a'], { batch, timeoutMs: 60_000 });
    expect(await within(500, again)).toBeNull();
    plane.world.network.heal('broker-2', 'broker-1');
    plane.world.network.heal('broker-1', 'broker-2');
    expect(await plane.world.finish(again)).toEqual({ error: null, baseOffset: 0n });
    expect(plane.node(1).values()).toEqual(['a']);
  });

  it('=-1 waits until a follower has synced, where flush.messages says so', async () => {
    plane.createTopic('orders', [[1, 2]], { flushMessages: 1 });
    await plane.world.run(50);
    expect((await plane.world.finish(plane.node(1).produce(['a']))).error).toBeNull();
    await plane.node(1).stop('power lost');
    await plane.node(2).stop('power lost');
    await plane.node(2).start();
    expect(plane.node(2).values()).toEqual(['a']);
  });
});
