import { describe, expect, it } from 'vitest';
import { errorCode } from '../../src/model/error-code.js';
import { createTopics } from '../../src/protocol/messages/create-topics.js';
import { waitFor } from '../support/wait-for.js';
import { useMechanismCluster } from './mechanism-cluster.js';

const on = useMechanismCluster();

describe('with a broker down', () => {
  it('Metadata, DescribeCluster and DescribeQuorum tell who is there', async () => {
    const [a, b, c] = await on.cast();
    const topic = await on.createTopic([[a], [b]]);
    expect(await on.describeCluster()).toEqual({ unfenced: [1, 2, 3], fenced: [] });
    await on.kill(a);
    await on.until(topic, { leader: -1 }, { by: b });

    const { brokers, controllerId } = await on.metadata(b);
    const alive = [b, c].sort();
    expect(brokers.map(({ nodeId }) => nodeId).sort()).toEqual(alive);
    // In KRaft any live broker: requests for the controller can go to each.
    expect(alive).toContain(controllerId);
    expect(await on.describeCluster(b)).toEqual({ unfenced: alive, fenced: on.cluster.listsFencedBrokers ? [a] : [] });
    const quorum = await on.quorum(b);
    expect(quorum).toMatchObject({ leaderId: c, observers: [] });
    expect(quorum.currentVoters.map(({ replicaId }) => replicaId).sort()).toEqual([1, 2, 3]);
    const voterOf = (id: number) => quorum.currentVoters.find(({ replicaId }) => replicaId === id)!;
    expect(voterOf(a).logEndOffset).toBeLessThan(quorum.highWatermark);
    expect(voterOf(b).lastCaughtUpTimestamp).toBeGreaterThan(voterOf(a).lastCaughtUpTimestamp);

    expect(await on.partitionOf(topic, { by: b })).toMatchObject({
      leader: -1,
      isr: on.cluster.hasElr ? [] : [a],
      offline: [a],
      error: 'LEADER_NOT_AVAILABLE',
    });
    expect(await on.partitionOf(topic, { partition: 1, by: b })).toMatchObject({ leader: b, isr: [b], offline: [], error: 'NONE' });
    expect((await on.produce(b, topic, ['x'])).error).toBe('NOT_LEADER_OR_FOLLOWER');

    await on.restart(a);
    await on.untilLeads(a, topic, { isr: [a], offline: [] });
    expect(await on.describeCluster()).toEqual({ unfenced: [1, 2, 3], fenced: [] });
  });

  it('a new topic gets replicas there only where its rack has nobody else or there are too few', async () => {
    const [first, second, c] = await on.cast();
    // Broker 2 is alone in its rack, and replicas go to as many racks as there are.
    const [a, b] = first === 2 ? [second, first] : [first, second];
    const alive = [b, c].sort();
    await on.kill(a);
    await waitFor(
      async () => !(await on.metadata(b)).brokers.some(({ nodeId }) => nodeId === a),
      () => 'the broker is not missed',
    );
    const create = async (name: string, replicationFactor: number) => {
      const request = { name, numPartitions: 4, replicationFactor, assignments: [], configs: [] };
      return (await on.wire.ask(b, createTopics, { topics: [request] })).topics[0]!;
    };
    const created = await Promise.all([2, 3, 4].map((factor) => create(`factor-${factor}-${Date.now()}`, factor)));
    expect(created.map(({ errorCode }) => errorCode)).toEqual([0, 0, errorCode('INVALID_REPLICATION_FACTOR')]);
    const [two, three] = created.map(({ name, topicId }) => ({ name, id: topicId, partitionCount: 4 }));
    for (let partition = 0; partition < 4; partition++) {
      const { replicas } = await on.until(two!, { error: 'NONE', offline: [], isr: alive }, { partition });
      expect(replicas).not.toContain(a);
      const partial = await on.until(three!, { error: 'NONE', offline: [a], isr: alive }, { partition });
      expect(alive).toContain(partial.leader);
    }
  });
});
