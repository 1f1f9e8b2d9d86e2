import { describe, expect, it } from 'vitest';
import { electLeaders } from '../../src/protocol/messages/elect-leaders.js';
import { useMechanismCluster } from './mechanism-cluster.js';

const on = useMechanismCluster();

describe('a preferred election', () => {
  it('gives a broker that has returned what it led', async () => {
    const [a, b, c] = await on.cast();
    const topic = await on.createTopic([
      [a, b],
      [b, c],
    ]);
    expect(await on.elect('preferred', topic, [0, 1])).toEqual({ 0: 'ELECTION_NOT_NEEDED', 1: 'ELECTION_NOT_NEEDED' });
    await on.shutDown(a);
    await on.untilLeads(b, topic, { leaderEpoch: 1 });
    expect(await on.elect('preferred', topic, [0, 1])).toEqual({ 0: 'PREFERRED_LEADER_NOT_AVAILABLE', 1: 'ELECTION_NOT_NEEDED' });

    await on.restart(a);
    await on.untilInSync(topic, [a, b]);
    expect(await on.partitionOf(topic)).toMatchObject({ leader: b, leaderEpoch: 1 });
    expect(await on.elect('preferred', topic, [0, 1, 7])).toEqual({
      0: 'NONE',
      1: 'ELECTION_NOT_NEEDED',
      7: 'UNKNOWN_TOPIC_OR_PARTITION',
    });
    await on.untilLeads(a, topic, { leaderEpoch: 2 });
    expect(await on.produce(a, topic, ['a'])).toMatchObject({ error: 'NONE' });
  });

  it('of all partitions names every topic, and the partitions that needed one', async () => {
    const [a, b] = await on.cast();
    const topic = await on.createTopic([
      [a, b],
      [b, a],
    ]);
    const electAll = async () => {
      const answer = await on.wire.ask(on.anyone(), electLeaders, { electionType: 0, topicPartitions: null, timeoutMs: 10_000 });
      return answer.replicaElectionResults.filter((each) => each.topic === topic.name);
    };
    await electAll();
    expect(await on.reassign(topic, [b, a])).toBe('NONE');
    expect(await electAll()).toEqual([{ topic: topic.name, partitionResult: [{ partitionId: 0, errorCode: 0, errorMessage: null }] }]);
    await on.untilLeads(b, topic);
    expect(await electAll()).toEqual([{ topic: topic.name, partitionResult: [] }]);
  });
});
