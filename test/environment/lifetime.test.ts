import { describe, expect, it } from 'vitest';
import { createLifetime } from '../../src/environment/lifetime.js';

/** A loop whose turns the test takes. */
function loop() {
  const turns: (() => void)[] = [];
  return { nextTurn: (task: () => void) => void turns.push(task), turn: () => turns.shift()?.(), turns };
}

describe('a lifetime', () => {
  it('delivers at once while it runs, and nothing when it is over', () => {
    const lifetime = createLifetime();
    const seen: string[] = [];
    lifetime.deliver(() => seen.push('running'));
    lifetime.end();
    lifetime.deliver(() => seen.push('over'));
    expect(seen).toEqual(['running']);
  });

  it('keeps what comes while it stands still, and delivers it in order, one in a turn', () => {
    const { nextTurn, turn, turns } = loop();
    const lifetime = createLifetime(nextTurn);
    const seen: string[] = [];
    lifetime.pause();
    lifetime.deliver(() => seen.push('a'));
    lifetime.deliver(() => seen.push('b'));
    expect([seen, lifetime.isPaused()]).toEqual([[], true]);
    lifetime.resume();
    turn();
    expect(seen).toEqual(['a']);
    lifetime.deliver(() => seen.push('c'));
    turn();
    turn();
    expect([seen, lifetime.isPaused()]).toEqual([['a', 'b', 'c'], true]);
    turn();
    expect(lifetime.isPaused()).toBe(false);
    lifetime.deliver(() => seen.push('d'));
    expect(seen).toEqual(['a', 'b', 'c', 'd']);
    expect(turns).toEqual([]);
  });

  it('stands still again with what has not been delivered yet', () => {
    const { nextTurn, turn } = loop();
    const lifetime = createLifetime(nextTurn);
    const seen: string[] = [];
    lifetime.pause();
    lifetime.deliver(() => seen.push('a'));
    lifetime.deliver(() => seen.push('b'));
    lifetime.resume();
    turn();
    lifetime.pause();
    turn();
    expect(seen).toEqual(['a']);
    lifetime.resume();
    turn();
    expect(seen).toEqual(['a', 'b']);
  });

  it('never delivers what waited when it ended', () => {
    const lifetime = createLifetime();
    const seen: string[] = [];
    lifetime.pause();
    lifetime.deliver(() => seen.push('a'));
    lifetime.end();
    lifetime.resume();
    expect([seen, lifetime.isOver(), lifetime.isPaused()]).toEqual([[], true, false]);
  });

  it('tells when it stands still and when it goes on', () => {
    const lifetime = createLifetime();
    const seen: boolean[] = [];
    const stop = lifetime.onPause(() => seen.push(lifetime.isPaused()));
    lifetime.pause();
    lifetime.pause();
    lifetime.resume();
    lifetime.resume();
    stop();
    lifetime.pause();
    expect(seen).toEqual([true, false]);
  });
});
