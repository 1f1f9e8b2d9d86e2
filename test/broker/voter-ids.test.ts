import { expect, it } from 'vitest';
import { voterIdsOf } from '../../src/broker/voter-ids.js';

it.each([
  [[1], [1]],
  [[2, 1], [1]],
  [
    [3, 1, 2],
    [1, 2, 3],
  ],
  [
    [1, 2, 3, 4],
    [1, 2, 3],
  ],
  [
    [1, 2, 3, 4, 5],
    [1, 2, 3, 4, 5],
  ],
  [
    [10, 9, 8, 7, 6, 5],
    [5, 6, 7, 8, 9],
  ],
])('of the nodes %j the voters are %j', (nodeIds, voterIds) => {
  expect(voterIdsOf(nodeIds)).toEqual(voterIds);
});
