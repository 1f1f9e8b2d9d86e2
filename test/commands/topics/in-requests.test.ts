import { expect, it } from 'vitest';
import { inCreateRequests, inGrowRequests } from '../../../src/commands/topics/in-requests.js';

const names = (parts: readonly (readonly { readonly topic: string }[])[]) => parts.map((part) => part.map(({ topic }) => topic));

it('new topics go in requests of 5,000 records at most: theirs, their partitions and configs', () => {
  const topics = [
    { topic: 'a', partitionCount: 2_499 },
    { topic: 'b', partitionCount: 2_499 },
    { topic: 'c', partitionCount: 4_998, configs: { 'retention.ms': '1' } },
    { topic: 'd', assignments: [[1], [2]] },
    { topic: 'e' },
    { topic: 'f', partitionCount: 9_000 },
  ];
  expect(names(inCreateRequests(topics))).toEqual([['a', 'b'], ['c'], ['d', 'e'], ['f']]);
});

it('topics that grow go by what each gets', () => {
  const topics = [
    { topic: 'a', added: 3_000 },
    { topic: 'b', added: 2_000 },
    { topic: 'c', added: -5 },
  ];
  expect(names(inGrowRequests(topics, ({ added }) => added))).toEqual([['a', 'b'], ['c']]);
});
