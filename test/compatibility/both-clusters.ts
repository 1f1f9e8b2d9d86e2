import { afterAll, beforeAll, expect, inject } from 'vitest';
import type { EmbeddedCluster } from '../../src/index.js';
import { stringifyJson } from '../../src/model/json.js';
import { Redactor } from '../e2e/redactions.js';
import { stillLeaders } from '../support/breakable-cluster.js';

export interface Cluster {
  readonly bootstrapServers: string;
  /** A name that no other test uses, the same on both clusters. */
  readonly topic: string;
}

/**
 * Gives a function that has a client do the same work on real Kafka and on an embedded cluster of this test file, and expects of the
 * second what the first answered, but for ports, ids and times; where replicas are placed by themselves may differ too. It resolves with what real Kafka answered, so that a test can
 * tell that the work was done at all.
 */
export function useBothClusters(file: string): <T>(work: (cluster: Cluster) => Promise<T>) => Promise<T> {
  const { bootstrapServers } = inject('judge');
  let embedded: EmbeddedCluster;
  let count = 0;
  beforeAll(async () => {
    // What users get: the built library.
    const built = new URL('../../dist/index.js', import.meta.url).href;
    const library = (await import(built)) as typeof import('../../src/index.js');
    embedded = await library.EmbeddedCluster.start({ brokers: 3, config: stillLeaders });
  });
  afterAll(async () => {
    await embedded?.close();
  });
  return async (work) => {
    const topic = `${file}-${++count}`;
    const expected = await work({ bootstrapServers, topic });
    const actual = await work({ bootstrapServers: embedded.bootstrapServers, topic });
    expect(comparable(actual)).toEqual(comparable(expected));
    return expected;
  };
}

/** Plain data in which ports, ids and times have names. */
const comparable = (value: unknown): unknown => JSON.parse(new Redactor({}).redact(stringifyJson(value, 1)));
