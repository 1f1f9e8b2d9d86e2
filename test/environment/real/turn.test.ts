import { describe, expect, it } from 'vitest';
import { createLifetime } from '../../../src/environment/lifetime.js';
import { inTurn, monotonicMs } from '../../../src/environment/real/turn.js';

/** Holds the loop. */
function hold(ms: number): void {
  const endMs = monotonicMs() + ms;
  while (monotonicMs() < endMs) {}
}
const nextTurn = () => new Promise<void>((resolve) => void setImmediate(resolve));

/** Runs what the test does in the first task of a turn. */
const atBeginOfTurn = (act: () => void) =>
  nextTurn()
    .then(nextTurn)
    .then(() => inTurn(act));

describe('a turn of the loop', () => {
  it('takes what comes at once, until it has lasted for long enough', async () => {
    const ran: string[] = [];
    await atBeginOfTurn(() => {
      inTurn(() => ran.push('short'));
      expect(ran).toEqual(['short']);
      hold(20);
      inTurn(() => ran.push('late'));
      expect(ran).toEqual(['short']);
    });
    while (ran.length < 2) await nextTurn();
    expect(ran).toEqual(['short', 'late']);
  });

  it('lets nobody pass who comes later, and takes one in a turn of those that wait', async () => {
    const ran: string[] = [];
    let turns = 0;
    const count = () => {
      turns++;
      if (ran.length < 3) setImmediate(count);
    };
    await atBeginOfTurn(() => {
      hold(20);
      for (const name of ['a', 'b']) inTurn(() => ran.push(`${name}${turns}`));
      inTurn(() => {
        ran.push(`c${turns}`);
        inTurn(() => ran.push('d'));
        expect(ran).toHaveLength(4);
      });
      setImmediate(count);
    });
    while (ran.length < 4) await nextTurn();
    const [a, b, c] = ran.map((one) => Number(one.slice(1)));
    expect(ran.map((one) => one[0]).join('')).toBe('abcd');
    expect([(b ?? 0) - (a ?? 0), (c ?? 0) - (b ?? 0)]).toEqual([1, 1]);
  });

  it('gives what waits for it to no life that is over by then, and to one that stands still when it goes on', async () => {
    const [ended, paused] = [createLifetime({ nextTurn: setImmediate, inTurn }), createLifetime({ nextTurn: setImmediate, inTurn })];
    const ran: string[] = [];
    await atBeginOfTurn(() => {
      hold(20);
      ended.deliver(() => ran.push('ended'));
      paused.deliver(() => ran.push('paused'));
      ended.end();
      paused.pause();
    });
    for (let turn = 0; turn < 5; turn++) await nextTurn();
    expect(ran).toEqual([]);
    paused.resume();
    while (ran.length < 1) await nextTurn();
    expect(ran).toEqual(['paused']);
  });
});
