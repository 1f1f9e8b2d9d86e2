import { describe, expect, it } from 'vitest';
import { creationParts } from '../../../src/broker/controller/creation-parts.js';
import type { CreateTopicsRequest } from '../../../src/protocol/messages/create-topics.js';
import { createControlledCluster } from './controlled-cluster.js';

const topic = (name: string, numPartitions: number, configs: CreateTopicsRequest['topics'][number]['configs'] = []) => ({
  ...{ name, numPartitions, configs },
  replicationFactor: 1,
  assignments: [],
});
const { context } = createControlledCluster({ configs: { 'num.partitions': '150' } });

/** The names in each part. */
const namesIn = (topics: CreateTopicsRequest['topics'], validateOnly = false) =>
  creationParts(context, { topics, timeoutMs: 1, validateOnly }).map((part) => part.topics.map(({ name }) => name).join());

describe('the parts of CreateTopics', () => {
  it('have some hundred partitions each, in the order of the request, and whole topics', () => {
    expect(namesIn([topic('a', 100), topic('b', 100), topic('c', 1), topic('d', 900), topic('e', -1), topic('f', 50)])).toEqual([
      'a,b',
      'c',
      'd',
      'e,f',
    ]);
    expect(namesIn([])).toEqual(['']);
  });

  it('are one where topics must be looked at together: of one name, or with names that collide', () => {
    expect(namesIn([topic('a', 200), topic('b', 200)])).toHaveLength(2);
    expect(namesIn([topic('a', 200), topic('a', 200)])).toHaveLength(1);
    expect(namesIn([topic('a.b', 200), topic('a_b', 200)])).toHaveLength(1);
  });

  it('are one where nothing is made, or what may be too much for one request', () => {
    expect(namesIn([topic('a', 200), topic('b', 200)], true)).toHaveLength(1);
    expect(namesIn([topic('a', 5_000), topic('b', 4_998)])).toHaveLength(2);
    expect(namesIn([topic('a', 5_000), topic('b', 4_998, [{ name: 'retention.ms', value: '5' }])])).toHaveLength(1);
  });
});
