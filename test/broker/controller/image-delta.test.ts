import { describe, expect, it } from 'vitest';
import type { MetadataDelta, TopicImage } from '../../../src/broker/controller/image.js';
import { piecesOf } from '../../../src/broker/controller/image-delta.js';

const topic = (id: string, partitionCount: number): TopicImage => ({ id, name: id, partitions: Array(partitionCount) });
const numbers = (count: number): ReadonlySet<number> => new Set(Array.from({ length: count }, (_, number) => number));

describe('piecesOf', () => {
  it('tells of every topic once and in order, of the deleted ones first, and last of what concerns no partition', () => {
    const delta: MetadataDelta = {
      deletedTopics: [topic('gone', 150), topic('large', 1000), topic('none', 0)],
      changedPartitions: new Map([...Array(60).keys()].map((index) => [`t${index}`, numbers(10)])),
      changedBrokers: new Set([1]),
      changedConfigs: [{ resourceType: 2, resourceName: 't1' }],
    };
    const pieces = [...piecesOf(delta)];
    const sizes = pieces.map(({ deletedTopics, changedPartitions }) => [deletedTopics.length, changedPartitions.size]);
    expect(sizes).toEqual([
      [1, 0],
      [1, 0],
      [1, 20],
      [0, 20],
      [0, 20],
    ]);
    expect(pieces.flatMap(({ deletedTopics }) => deletedTopics)).toEqual(delta.deletedTopics);
    expect(new Map(pieces.flatMap(({ changedPartitions }) => [...changedPartitions]))).toEqual(delta.changedPartitions);
    expect(pieces.map(({ changedBrokers, changedConfigs }) => changedBrokers.size + changedConfigs.length)).toEqual([0, 0, 0, 0, 2]);
  });

  it('tells of nothing too', () => {
    const nothing = { deletedTopics: [], changedPartitions: new Map(), changedBrokers: new Set<number>(), changedConfigs: [] };
    expect([...piecesOf(nothing)]).toEqual([nothing]);
  });
});
