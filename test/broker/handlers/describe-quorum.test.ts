import { describe, expect, it } from 'vitest';
import { describeQuorumHandler } from '../../../src/broker/handlers/describe-quorum.js';
import type { ControllerContext } from '../../../src/broker/server/controller-context.js';
import { createQuorumWorld } from '../controller/raft/quorum-world.js';
import { ask } from './handler-context.js';

const NOT_LEADER_OR_FOLLOWER = 6;
const UNKNOWN_TOPIC_OR_PARTITION = 3;
const request = { topics: [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }] };

async function quorum() {
  const cluster = createQuorumWorld('describe', { voters: 3, observers: 1 });
  await cluster.startAll();
  await cluster.world.runUntil(cluster.isSettled, 1_000);
  await cluster.world.run(2_000);
  const contextOf = (id: number) => ({ nodeId: id, quorum: cluster.machine(id).quorum }) as ControllerContext;
  return { cluster, contextOf };
}

describe('DescribeQuorum', () => {
  it('tells of leader, voters and observers, as the leader knows them', async () => {
    const { cluster, contextOf } = await quorum();
    const response = await ask(describeQuorumHandler, contextOf(1), 2, request);
    const partition = response.topics[0]?.partitions[0];
    expect(partition).toMatchObject({ errorCode: 0, leaderId: 1, leaderEpoch: 1, highWatermark: 1n });
    const nowMs = cluster.machine(1).environment?.clock.now() ?? 0;
    const states = [...(partition?.currentVoters ?? []), ...(partition?.observers ?? [])];
    expect(states.map(({ replicaId, logEndOffset }) => [replicaId, logEndOffset])).toEqual([1, 2, 3, 4].map((id) => [id, 1n]));
    expect(partition?.observers).toHaveLength(1);
    for (const { lastFetchTimestamp, lastCaughtUpTimestamp } of states) {
      expect(lastCaughtUpTimestamp).toBe(lastFetchTimestamp);
      // A replica that has all asks again twice a second.
      expect(nowMs - lastFetchTimestamp).toBeLessThan(600);
    }
    expect(response.nodes).toEqual(
      [1, 2, 3].map((id) => ({ nodeId: id, listeners: [{ name: 'CONTROLLER', host: `h${id}`, port: 9093 }] })),
    );
  });

  it('shows who has stayed behind, and since when', async () => {
    const { cluster, contextOf } = await quorum();
    cluster.kill(3);
    const goneMs = cluster.machine(1).environment?.clock.now() ?? 0;
    await cluster.world.run(10_000);
    const [partition] = (await ask(describeQuorumHandler, contextOf(1), 2, request)).topics[0]?.partitions ?? [];
    expect(partition?.currentVoters[2]?.lastFetchTimestamp).toBeLessThanOrEqual(goneMs);
  });

  it('is answered by the leader alone, as Kafka says it', async () => {
    const { contextOf } = await quorum();
    const response = await ask(describeQuorumHandler, contextOf(2), 2, request);
    expect(response).toMatchObject({ errorCode: 0, topics: [{ partitions: [{ errorCode: NOT_LEADER_OR_FOLLOWER }] }] });
  });

  it('knows no other partition', async () => {
    const { contextOf } = await quorum();
    const other = { topics: [{ topicName: 'orders', partitions: [{ partitionIndex: 0 }] }] };
    const response = await ask(describeQuorumHandler, contextOf(1), 0, other);
    expect(response.topics[0]?.partitions[0]?.errorCode).toBe(UNKNOWN_TOPIC_OR_PARTITION);
  });
});
