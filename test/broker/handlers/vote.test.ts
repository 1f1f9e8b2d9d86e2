import { describe, expect, it } from 'vitest';
import { beginQuorumEpochHandler } from '../../../src/broker/handlers/begin-quorum-epoch.js';
import { endQuorumEpochHandler } from '../../../src/broker/handlers/end-quorum-epoch.js';
import { voteHandler } from '../../../src/broker/handlers/vote.js';
import type { ControllerContext } from '../../../src/broker/server/controller-context.js';
import { ZERO_UUID } from '../../../src/model/uuid.js';
import { clusterId, createQuorumWorld } from '../controller/raft/quorum-world.js';
import { ask } from './handler-context.js';

const INVALID_REQUEST = 42;
const INCONSISTENT_CLUSTER_ID = 104;
const FENCED_LEADER_EPOCH = 74;
const topicName = '__cluster_metadata';

/** The third voter, led by the first, with nobody else in the way. */
async function third() {
  const cluster = createQuorumWorld('vote', { voters: 3 });
  await cluster.startAll();
  await cluster.world.runUntil(cluster.isSettled, 1_000);
  const { quorum } = cluster.machine(3);
  return { cluster, quorum, context: { nodeId: 3, clusterId, quorum } as ControllerContext };
}
const voteOf = (change: object = {}, preVote = false) => ({
  clusterId,
  voterId: 3,
  topics: [
    {
      topicName,
      partitions: [{ partitionIndex: 0, replicaId: 2, replicaEpoch: 1, lastOffsetEpoch: 0, lastOffset: 100n, preVote, ...change }],
    },
  ],
});

describe('Vote', () => {
  it('tells who leads, and where, to whoever has not heard', async () => {
    const { context } = await third();
    const response = await ask(voteHandler, context, 2, voteOf({}, true));
    expect(response).toMatchObject({
      errorCode: 0,
      topics: [{ topicName, partitions: [{ errorCode: 0, leaderId: 1, leaderEpoch: 1, voteGranted: false }] }],
      nodeEndpoints: [{ nodeId: 1, host: 'h1', port: 9093 }],
    });
  });

  it('is granted in a later epoch, where a pre-vote is not', async () => {
    const { context } = await third();
    const later = { replicaEpoch: 2, lastOffsetEpoch: 1 };
    const granted = async (change: object, preVote: boolean) =>
      (await ask(voteHandler, context, 2, voteOf(change, preVote))).topics[0]?.partitions[0];
    expect(await granted({ lastOffsetEpoch: 1 }, true)).toMatchObject({ voteGranted: false });
    expect(await granted(later, false)).toMatchObject({ voteGranted: true, leaderId: -1, leaderEpoch: 2 });
    expect(await granted({ replicaEpoch: 1 }, false)).toMatchObject({ errorCode: FENCED_LEADER_EPOCH, leaderEpoch: 2 });
  });

  it('is of this cluster and its metadata alone', async () => {
    const { context } = await third();
    const foreign = { ...voteOf(), clusterId: ZERO_UUID };
    expect(await ask(voteHandler, context, 2, foreign)).toMatchObject({ errorCode: INCONSISTENT_CLUSTER_ID, topics: [] });
    const { topics: good } = voteOf();
    for (const topics of [[], good.map((one) => ({ ...one, topicName: 'orders' })), [...good, ...good]]) {
      expect(await ask(voteHandler, context, 2, { ...voteOf(), topics })).toMatchObject({ errorCode: INVALID_REQUEST, topics: [] });
    }
  });
});

describe('BeginQuorumEpoch', () => {
  it('makes a follower of the leader that sends it', async () => {
    const { context, quorum } = await third();
    const begin = (leaderId: number, leaderEpoch: number) => ({
      clusterId,
      voterId: 3,
      topics: [{ topicName, partitions: [{ partitionIndex: 0, leaderId, leaderEpoch }] }],
      leaderEndpoints: [],
    });
    expect((await ask(beginQuorumEpochHandler, context, 1, begin(2, 5))).topics[0]?.partitions[0]).toMatchObject({ errorCode: 0 });
    expect(quorum).toMatchObject({ leaderId: 2, leaderEpoch: 5 });
    const stale = (await ask(beginQuorumEpochHandler, context, 0, begin(1, 1))).topics[0]?.partitions[0];
    expect(stale).toMatchObject({ errorCode: FENCED_LEADER_EPOCH, leaderId: 2, leaderEpoch: 5 });
  });
});

describe('EndQuorumEpoch', () => {
  it.each([0, 1])('in version %i has the first successor ask for votes at once', async (version) => {
    const { cluster, context, quorum } = await third();
    cluster.kill(1);
    const successors = [3, 2];
    const end = {
      clusterId,
      topics: [
        {
          topicName,
          partitions: [
            {
              ...{ partitionIndex: 0, leaderId: 1, leaderEpoch: 1, preferredSuccessors: successors },
              preferredCandidates: successors.map((candidateId) => ({ candidateId, candidateDirectoryId: ZERO_UUID })),
            },
          ],
        },
      ],
      leaderEndpoints: [],
    };
    const second = { ...context, nodeId: 2, quorum: cluster.machine(2).quorum } as ControllerContext;
    for (const one of [second, context]) expect(await ask(endQuorumEpochHandler, one, version, end)).toMatchObject({ errorCode: 0 });
    expect(quorum?.leaderId).toBe(-1);
    await cluster.world.runUntil(() => quorum?.leaderId === 3, 50);
  });
});
