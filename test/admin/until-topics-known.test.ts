import { describe, expect, it } from 'vitest';
import { untilTopicsKnown } from '../../src/admin/until-topics-known.js';
import { metadata } from '../../src/protocol/messages/metadata.js';
import { clusterOf, type ScriptedBroker } from '../client/scripted-broker.js';
import { scriptedCluster } from './scripted-cluster.js';

const nodes = [1, 2, 3].map((nodeId) => ({ nodeId, port: 9091 + nodeId }));

/** Answers each question of topics with the next of the given numbers of partitions, null for a topic unknown; with the last for ever. */
function telling(broker: ScriptedBroker, ...counts: readonly (number | null)[]) {
  const asked = { times: 0 };
  broker.on(metadata, ({ topics }) => {
    const known = clusterOf(nodes, 3);
    if (topics?.length === 0) return known;
    const count = counts[Math.min(asked.times, counts.length - 1)]!;
    asked.times++;
    const partitions = Array.from({ length: count ?? 0 }, (_, partitionIndex) => ({
      errorCode: 0,
      partitionIndex,
      leaderId: 1,
      replicaNodes: [1],
      isrNodes: [1],
    }));
    return { ...known, topics: topics!.map(({ name }) => ({ errorCode: count === null ? 3 : 0, name, partitions })) };
  });
  return asked;
}

const open = async () => {
  const cluster = await scriptedCluster(3);
  const options = { patienceMs: 1000, sleep: (ms: number) => new Promise<void>((resolve) => cluster.clock.after(ms, resolve)) };
  return { ...cluster, options };
};

describe('untilTopicsKnown', () => {
  it('asks each broker until it knows the topic with all its partitions', async () => {
    const { client, brokers, run, options } = await open();
    const asked = [telling(brokers[0]!, 2), telling(brokers[1]!, null, null, 2), telling(brokers[2]!, 1, 2)];
    expect(await run(untilTopicsKnown(client, [{ topic: 'a', partitionCount: 2 }], options))).toEqual([]);
    expect(asked.map(({ times }) => times)).toEqual([1, 3, 2]);
  });

  it('names the brokers that do not know in time', async () => {
    const { client, brokers, run, clock, options } = await open();
    telling(brokers[0]!, 1);
    telling(brokers[1]!, null);
    telling(brokers[2]!, 1);
    const begunMs = clock.monotonicMs();
    expect(await run(untilTopicsKnown(client, [{ topic: 'a', partitionCount: null }], options))).toEqual([2]);
    expect(clock.monotonicMs() - begunMs).toBeGreaterThanOrEqual(1000);
  });

  it('does not wait longer for a broker that is silent, nor for what a broker must not tell', async () => {
    const { client, brokers, run, options } = await open();
    telling(brokers[0]!, 1);
    brokers[1]!.on(metadata, () => 'silence');
    brokers[2]!.on(metadata, ({ topics }) => {
      const known = clusterOf(nodes, 3);
      return topics?.length === 0 ? known : { ...known, topics: [{ errorCode: 29, name: 'a', partitions: [] }] };
    });
    expect(await run(untilTopicsKnown(client, [{ topic: 'a', partitionCount: 1 }], options))).toEqual([]);
  });

  it('ends when the signal fires', async () => {
    const { client, brokers, run, clock, options } = await open();
    for (const broker of brokers) telling(broker, null);
    const stop = new AbortController();
    clock.after(300, () => stop.abort(new Error('stopped')));
    const begunMs = clock.monotonicMs();
    expect(await run(untilTopicsKnown(client, [{ topic: 'a', partitionCount: 1 }], { ...options, signal: stop.signal }))).toEqual([]);
    expect(clock.monotonicMs() - begunMs).toBeLessThan(400);
  });
});
