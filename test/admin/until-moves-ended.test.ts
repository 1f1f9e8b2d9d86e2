import { describe, expect, it } from 'vitest';
import { untilMovesEnded } from '../../src/admin/until-moves-ended.js';
import { metadata } from '../../src/protocol/messages/metadata.js';
import { clusterOf, type ScriptedBroker } from '../client/scripted-broker.js';
import { scriptedCluster } from './scripted-cluster.js';

const nodes = [1, 2, 3].map((nodeId) => ({ nodeId, port: 9091 + nodeId }));

/** Answers each question of the topic with the next of the given replicas of its partition 0, null for a topic unknown; with the last for ever. */
function telling(broker: ScriptedBroker, ...answers: readonly (readonly number[] | null)[]) {
  const asked = { times: 0 };
  broker.on(metadata, ({ topics }) => {
    const known = clusterOf(nodes, 3);
    if (topics?.length === 0) return known;
    const replicas = answers[Math.min(asked.times++, answers.length - 1)]!;
    const told = (partitionIndex: number, replicaNodes: number[]) => ({
      errorCode: 0,
      partitionIndex,
      leaderId: 1,
      replicaNodes,
      isrNodes: [1],
    });
    // Partition 1 moves on, which nobody has asked about.
    const partitions = replicas === null ? [] : [told(0, [...replicas]), told(1, [1, 2, 3])];
    return { ...known, topics: topics!.map(({ name }) => ({ errorCode: replicas === null ? 3 : 0, name, partitions })) };
  });
  return asked;
}

const open = async () => {
  const cluster = await scriptedCluster(3);
  const options = { patienceMs: 1000, sleep: (ms: number) => new Promise<void>((resolve) => cluster.clock.after(ms, resolve)) };
  return { ...cluster, options };
};
const move = { topic: 'a', partition: 0, replicas: [1, 2] };

describe('untilMovesEnded', () => {
  it('asks each broker until it tells of none but the replicas that stay, in any order', async () => {
    const { client, brokers, run, options } = await open();
    const asked = [telling(brokers[0]!, [3, 1, 2], [3, 1, 2], [1, 2]), telling(brokers[1]!, [2, 1]), telling(brokers[2]!, [1, 2, 3], null)];
    expect(await run(untilMovesEnded(client, [move], options))).toEqual([]);
    expect(asked.map(({ times }) => times)).toEqual([3, 1, 2]);
  });

  it('names the brokers that do not know in time, and waits for no silent one', async () => {
    const { client, brokers, run, options } = await open();
    telling(brokers[0]!, [1, 2]);
    telling(brokers[1]!, [3, 1, 2]);
    brokers[2]!.on(metadata, () => 'silence');
    expect(await run(untilMovesEnded(client, [move], options))).toEqual([2]);
  });
});
