import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { createDelivery, type Deliverable } from '../../src/data/delivery.js';
import { KafkaError, TimeoutError } from '../../src/model/errors.js';

/** Sends as `send` says, on a clock that only backing off moves; a deadline passes where `hasDeadline`. */
function deliveryTo(
  send: (partition: number, lines: readonly number[]) => Promise<void>,
  {
    partitionCount = 1,
    hasDeadline = false,
    leaderless = new Set<number>(),
  }: { readonly partitionCount?: number; readonly hasDeadline?: boolean; readonly leaderless?: ReadonlySet<number> } = {},
) {
  let nowMs = 0;
  const onWaiting = vi.fn();
  const onFailure = vi.fn();
  const delivery = createDelivery<Deliverable>({
    partitionCount,
    isLeaderless: (partition) => leaderless.has(partition),
    send: (partition, items) =>
      send(
        partition,
        items.map(({ line }) => line),
      ),
    deliveryMs: 30_000,
    now: () => nowMs,
    sleep: async (ms, signal) => {
      // Only what waits for a deadline can be ended before.
      if (signal !== undefined && !hasDeadline) return new Promise(() => {});
      await setImmediate();
      if (!signal?.aborted) nowMs += ms;
    },
    onWaiting,
    onFailure,
  });
  const add = (from: number, to: number, partition: number | null = 0, sizeBytes = 10) => {
    for (let line = from; line <= to; line++) delivery.add({ line, sizeBytes }, partition);
  };
  return { ...delivery, add, onWaiting, onFailure };
}
/** A send that ends when it is told to. */
function controlled() {
  const sent: { lines: readonly number[]; partition: number; acknowledge: () => void; refuse: (error: Error) => void }[] = [];
  const send = (partition: number, lines: readonly number[]) =>
    new Promise<void>((acknowledge, refuse) => sent.push({ partition, lines, acknowledge, refuse }));
  return { sent, send };
}
const linesOf = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('a delivery', () => {
  it('sends one batch of a partition at a time, in order, and gathers what comes meanwhile', async () => {
    const { sent, send } = controlled();
    const { add, finish, acknowledged } = deliveryTo(send, { partitionCount: 2 });
    add(1, 2);
    await setImmediate();
    add(3, 4);
    add(5, 5, 1);
    await setImmediate();
    expect(sent.map(({ partition, lines }) => [partition, lines])).toEqual([
      [0, [1, 2]],
      [1, [5]],
    ]);
    sent[0]?.acknowledge();
    await setImmediate();
    expect(sent[2]?.lines).toEqual([3, 4]);
    expect(acknowledged()).toBe(2);
    const finished = finish();
    for (const { acknowledge } of sent) acknowledge();
    await finished;
    expect(acknowledged()).toBe(5);
  });

  it('spreads lines without a partition, one batch to each after the other', async () => {
    const sent: number[] = [];
    const { add, finish } = deliveryTo(
      async (partition) => {
        sent.push(partition);
      },
      { partitionCount: 3 },
    );
    for (let round = 0; round < 6; round++) {
      add(round * 2 + 1, round * 2 + 2, null);
      await setImmediate();
    }
    await finish();
    expect(sent).toEqual([0, 1, 2, 0, 1, 2]);
  });

  it('makes whoever reads wait while too much is under way', async () => {
    const { sent, send } = controlled();
    const { add, room } = deliveryTo(send);
    add(1, 20, 0, 1024 * 1024);
    let hasRoom = false;
    const waiting = room().then(() => {
      hasRoom = true;
    });
    for (let index = 0; index < 4; index++) {
      await setImmediate();
      expect(hasRoom).toBe(false);
      sent.at(-1)?.acknowledge();
    }
    await setImmediate();
    sent.at(-1)?.acknowledge();
    await waiting;
  });

  it('passes over what has no leader with lines that may go anywhere, unless nothing has one', async () => {
    const sent: number[] = [];
    const leaderless = new Set([0, 2]);
    const send = async (partition: number) => {
      sent.push(partition);
    };
    const { add, finish } = deliveryTo(send, { partitionCount: 4, leaderless });
    for (let line = 1; line <= 4; line++) {
      add(line, line, null);
      await setImmediate();
    }
    expect(sent).toEqual([1, 3, 1, 3]);
    add(5, 5, 0);
    leaderless.delete(2);
    await setImmediate();
    expect(sent.at(-1)).toBe(0);
    for (const partition of [1, 2, 3]) leaderless.add(partition);
    add(6, 6, null);
    await finish();
    expect(sent).toHaveLength(6);
  });

  it('tries again until it is acknowledged, and says so only of what takes long', async () => {
    let attempts = 0;
    const { add, finish, acknowledged, onWaiting } = deliveryTo(async () => {
      if (++attempts < 8) throw new KafkaError('NOT_ENOUGH_REPLICAS');
    });
    add(1, 3);
    await finish();
    expect({ acknowledged: acknowledged(), attempts, told: onWaiting.mock.calls.length }).toEqual({
      acknowledged: 3,
      attempts: 8,
      told: 1,
    });
  });

  it('knows that nothing is written where there was no leader from the first attempt on', async () => {
    const fatesAfter = async (...first: readonly Error[]) => {
      const errors = [...first];
      const { add, finish, failure, unacknowledged } = deliveryTo(async () => {
        throw errors.shift() ?? new KafkaError('LEADER_NOT_AVAILABLE');
      });
      add(1, 3);
      await finish();
      expect(failure()).toMatchObject({ error: { code: 'LEADER_NOT_AVAILABLE' }, line: 1 });
      return unacknowledged();
    };
    expect(await fatesAfter()).toEqual([{ fate: 'refused', lines: [1, 2, 3] }]);
    expect(await fatesAfter(new TimeoutError('no answer'))).toEqual([{ fate: 'unknown', lines: [1, 2, 3] }]);
  });

  it('takes what the leader has already for acknowledged', async () => {
    let attempts = 0;
    const { add, finish, acknowledged } = deliveryTo(async () => {
      throw ++attempts === 1 ? new TimeoutError('no answer') : new KafkaError('DUPLICATE_SEQUENCE_NUMBER');
    });
    add(1, 3);
    await finish();
    expect(acknowledged()).toBe(3);
  });

  it('finds the one record that a batch is refused for, and sends nothing after it', async () => {
    const written: number[] = [];
    const { add, finish, acknowledged, failure, unacknowledged, onFailure } = deliveryTo(async (_, lines) => {
      if (lines.includes(70)) throw new KafkaError('MESSAGE_TOO_LARGE');
      written.push(...lines);
    });
    add(1, 100);
    await finish();
    expect(written).toEqual(linesOf(1, 69));
    expect(acknowledged()).toBe(69);
    expect(failure()).toMatchObject({ line: 70, error: { code: 'MESSAGE_TOO_LARGE' } });
    expect(unacknowledged()).toEqual([
      { fate: 'refused', lines: [70] },
      { fate: 'not-sent', lines: linesOf(71, 100) },
    ]);
    expect(onFailure).toHaveBeenCalledOnce();
  });

  it('says that nobody knows, where an answer is missing', async () => {
    const { add, finish, acknowledged, failure, unacknowledged } = deliveryTo(
      async (partition) => {
        if (partition === 1) throw new TimeoutError('no answer');
      },
      { partitionCount: 2 },
    );
    add(1, 2, 0);
    add(3, 4, 1);
    await finish();
    expect({ acknowledged: acknowledged(), unacknowledged: unacknowledged(), line: failure()?.line }).toEqual({
      acknowledged: 2,
      unacknowledged: [{ fate: 'unknown', lines: [3, 4] }],
      line: 3,
    });
  });

  it('gives a send up that never ends', async () => {
    const { add, finish, unacknowledged } = deliveryTo(() => new Promise(() => {}), { hasDeadline: true });
    add(1, 1);
    await finish();
    expect(unacknowledged()).toEqual([{ fate: 'unknown', lines: [1] }]);
  });

  it('does not try what will not be allowed', async () => {
    const send = vi.fn(async () => {
      throw new KafkaError('TOPIC_AUTHORIZATION_FAILED');
    });
    const { add, finish, room, unacknowledged } = deliveryTo(send);
    add(1, 2);
    await finish();
    add(3, 3);
    await room();
    await finish();
    expect(send).toHaveBeenCalledOnce();
    expect(unacknowledged()).toEqual([
      { fate: 'refused', lines: [1, 2] },
      { fate: 'not-sent', lines: [3] },
    ]);
  });
});
