import { expect, it } from 'vitest';
import { parseAssignments } from '../../../src/commands/topics/assignments.js';

it('reads the brokers of each partition in their order', () => {
  expect(parseAssignments(['1:2:3', '2:3:1', '3'])).toEqual([[1, 2, 3], [2, 3, 1], [3]]);
});

it.each(['', '1:', ':1', '1-2', 'a', '1:b'])('refuses %j', (text) =>
  expect(() => parseAssignments([text])).toThrow('is not a list of brokers'),
);
