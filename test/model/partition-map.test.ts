import { expect, it } from 'vitest';
import { createPartitionMap } from '../../src/model/partition-map.js';

it('keeps a value for each partition of each topic', () => {
  const map = createPartitionMap<string>();
  map.set({ topic: 'a', partition: 1 }, 'a1');
  map.set({ topic: 'a', partition: 0 }, 'a0');
  map.set({ topic: 'a-1', partition: 1 }, 'other');
  map.set({ topic: 'a', partition: 1 }, 'again');
  expect([map.get({ topic: 'a', partition: 0 }), map.get({ topic: 'a', partition: 1 })]).toEqual(['a0', 'again']);
  expect(map.get({ topic: 'a-1', partition: 1 })).toBe('other');
  expect([map.get({ topic: 'a', partition: 2 }), map.get({ topic: 'b', partition: 0 })]).toEqual([undefined, undefined]);
});
