import { describe, expect, it } from 'vitest';
import { BrokerSessions } from '../../../src/broker/controller/broker-sessions.js';
import type { Clock } from '../../../src/environment/environment.js';
import { slicesOf } from '../../../src/environment/virtual/slices.js';
import { createWorld } from '../../../src/environment/virtual.js';

const TIMEOUT_MS = 1000;

function createSessions() {
  const world = createWorld('sessions');
  const { clock } = world.createEnvironment('controller');
  const expired: number[] = [];
  const sessions = new BrokerSessions(
    clock,
    () => TIMEOUT_MS,
    (id) => expired.push(id),
  );
  return { world, sessions, expired };
}

describe('BrokerSessions', () => {
  it('ends a session that nothing was heard of for the timeout', async () => {
    const { world, sessions, expired } = createSessions();
    sessions.heard(1, 0n);
    await world.run(TIMEOUT_MS - 1);
    expect(expired).toEqual([]);
    await world.run(2);
    expect(expired).toEqual([1]);
    expect(sessions.isAlive(1)).toBe(false);
  });

  it('goes on for who is heard of, and ends the others', async () => {
    const { world, sessions, expired } = createSessions();
    sessions.heard(1, 0n);
    sessions.heard(2, 0n);
    for (let beat = 0; beat < 5; beat++) {
      await world.run(TIMEOUT_MS / 2);
      sessions.heard(2, 0n);
    }
    expect(expired).toEqual([1]);
    expect(sessions.isAlive(2)).toBe(true);
  });

  it('takes a broker that was only given time for one that may be dead', () => {
    const { sessions } = createSessions();
    sessions.grant(1);
    expect(sessions.isAlive(1)).toBe(false);
    sessions.heard(1, 0n);
    expect(sessions.isAlive(1)).toBe(true);
  });

  it('expires nothing that was ended or cleared', async () => {
    const { world, sessions, expired } = createSessions();
    sessions.heard(1, 0n);
    sessions.end(1);
    sessions.heard(2, 0n);
    sessions.clear();
    await world.run(3 * TIMEOUT_MS);
    expect(expired).toEqual([]);
  });

  it('reads the condition again after what waits was handled', async () => {
    const { world, sessions, expired } = createSessions();
    sessions.heard(1, 0n);
    const { clock } = world.createEnvironment('peer');
    // Comes between the timer and the second look, as a heartbeat does that stood in the socket.
    clock.after(TIMEOUT_MS, () => clock.after(0, () => sessions.heard(1, 0n)));
    clock.after(TIMEOUT_MS, () => sessions.heard(1, 0n));
    await world.run(TIMEOUT_MS + 10);
    expect(expired).toEqual([]);
  });

  it('does not take its own standstill for the death of others', () => {
    const expired: number[] = [];
    let nowMs = 0;
    let due: (() => void) | null = null;
    const clock: Clock = {
      now: () => nowMs,
      monotonicMs: () => nowMs,
      beginSlice: slicesOf(() => nowMs),
      after: (_delayMs, task) => {
        due = task;
        return () => {};
      },
    };
    const fire = () => {
      const task = due;
      due = null;
      task?.();
    };
    const sessions = new BrokerSessions(
      clock,
      () => TIMEOUT_MS,
      (id) => expired.push(id),
    );
    sessions.heard(1, 0n);
    nowMs = TIMEOUT_MS * 10;
    fire();
    fire();
    expect(expired).toEqual([]);
    nowMs += TIMEOUT_MS;
    fire();
    fire();
    expect(expired).toEqual([1]);
  });
});
