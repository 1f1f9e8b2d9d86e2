import { describe, expect, it } from 'vitest';
import { countLeaders, evenness, evenShare, isLedByPreferred } from '../../src/commands/count-leaders.js';
import type { LeaderBroker, LedPartition } from '../../src/commands/read-leaders.js';

const led = (leader: number, ...replicas: readonly number[]): LedPartition => ({
  topic: 't',
  partition: 0,
  replicas,
  isr: replicas,
  leader,
});
const brokers: readonly LeaderBroker[] = [
  { id: 1, rack: 'a', alive: true },
  { id: 2, rack: 'b', alive: true },
  { id: 3, rack: 'a', alive: false },
];
const partitions = [led(1, 1, 2), led(1, 3, 1), led(2, 2, 3), led(-1, 3)];

describe('countLeaders', () => {
  it('counts who leads, who should and who holds', () => {
    expect([...countLeaders(partitions, [1, 2, 3, 4], (id) => id)]).toEqual([
      [1, { leaders: 2, preferredLeaders: 1, replicas: 2 }],
      [2, { leaders: 1, preferredLeaders: 1, replicas: 2 }],
      [3, { leaders: 0, preferredLeaders: 2, replicas: 3 }],
      [4, { leaders: 0, preferredLeaders: 0, replicas: 0 }],
    ]);
  });
  it('counts by any key, such as racks', () => {
    const rackOf = (id: number) => (id === 2 ? 'b' : 'a');
    expect(countLeaders(partitions, ['a', 'b'], rackOf).get('a')).toEqual({ leaders: 2, preferredLeaders: 3, replicas: 5 });
  });
});

it('the spread is that of live brokers', () => {
  expect(evenness({ brokers }, partitions)).toEqual({ max: 2, min: 1, spread: 1 });
  expect(evenness({ brokers: [] }, partitions)).toEqual({ max: 0, min: 0, spread: 0 });
});

it('the even share is that of a live broker', () => {
  expect(evenShare(3, brokers)).toBe(1.5);
  expect(evenShare(10, [...brokers, { id: 4, rack: null, alive: true }])).toBe(3.33);
  expect(evenShare(3, [])).toBe(null);
});

it('a partition without a leader is not led by the preferred one', () => {
  expect(partitions.map(isLedByPreferred)).toEqual([true, false, true, false]);
});
