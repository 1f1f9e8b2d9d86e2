import { describe, expect, it } from 'vitest';
import { offsetsPartitionOf } from '../../../src/broker/coordinator/offsets-topic.js';
import { subscribedTopics } from '../../../src/broker/coordinator/subscribed-topics.js';

describe('offsetsPartitionOf', () => {
  it.each([
    ['', 0],
    ['g', 3],
    ['my-group', 12],
    // Hashes to the least of all numbers, which has no positive counterpart.
    ['polygenelubricants', 0],
    ['gruppe-ü', 22],
  ])('gives %j the partition of 50 that Java gives it', (groupId, partition) => {
    expect(offsetsPartitionOf(groupId, 50)).toBe(partition);
  });
});

describe('subscribedTopics', () => {
  const bytes = (...values: number[]) => Uint8Array.from(values);
  it('reads the topics of every version', () => {
    expect(subscribedTopics(bytes(0, 3, 0, 0, 0, 2, 0, 1, 97, 0, 2, 98, 99, 255, 255, 255, 255))).toEqual(['a', 'bc']);
    expect(subscribedTopics(bytes(0, 0, 0, 0, 0, 0))).toEqual([]);
  });
  it('is null for what is none', () => {
    expect(subscribedTopics(bytes())).toBeNull();
    expect(subscribedTopics(bytes(0, 0, 0, 0, 0, 9, 0, 1, 97))).toBeNull();
    expect(subscribedTopics(bytes(0, 0, 127, 255, 255, 255, 0, 9, 97))).toBeNull();
  });
});
