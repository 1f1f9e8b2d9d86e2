import { expect, it } from 'vitest';
import { createSharedLists } from '../../../src/broker/controller/shared-lists.js';

it('gives equal lists as one, in their order', () => {
  const shared = createSharedLists<number>();
  const list = shared([1, 2]);
  expect(shared([1, 2])).toBe(list);
  expect(shared([2, 1])).toEqual([2, 1]);
  expect(shared([])).toBe(shared([]));
});

it('remembers no more than are worth it', () => {
  const shared = createSharedLists<number>();
  const first = shared([0]);
  for (let id = 1; id <= 1_000; id++) shared([id]);
  expect(shared([0])).not.toBe(first);
  expect(shared([0])).toEqual([0]);
});
