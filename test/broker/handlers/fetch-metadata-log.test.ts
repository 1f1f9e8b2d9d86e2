import { describe, expect, it } from 'vitest';
import { fetchMetadataLogHandler } from '../../../src/broker/handlers/fetch-metadata-log.js';
import type { ControllerContext } from '../../../src/broker/server/controller-context.js';
import { clusterId, createQuorumWorld, topic } from '../controller/raft/quorum-world.js';
import { ask } from './handler-context.js';

const METADATA_TOPIC_ID = 'AAAAAAAAAAAAAAAAAAAAAQ';
const codes = { NOT_LEADER_OR_FOLLOWER: 6, INVALID_REQUEST: 42, FENCED: 74, UNKNOWN_EPOCH: 75 };

/** A leader with ten topics and a snapshot of the first, and its follower. */
async function two() {
  const cluster = createQuorumWorld('fetch', { voters: 3, snapshotBytes: 400 });
  await cluster.startAll();
  await cluster.world.runUntil(cluster.isSettled, 1_000);
  for (let index = 0; index < 10; index++) {
    cluster.leader()?.append([topic(`t${index}`)]);
    await cluster.world.run(10);
  }
  const contextOf = (id: number) => ({ nodeId: id, clusterId, quorum: cluster.machine(id).quorum }) as ControllerContext;
  return { cluster, leader: contextOf(1), follower: contextOf(2) };
}

describe('Fetch of the metadata log', () => {
  const request = (change: object = {}, maxWaitMs = 0) => ({
    clusterId,
    replicaState: { replicaId: 9 },
    ...{ maxWaitMs, minBytes: 0, maxBytes: 1, sessionId: 0, sessionEpoch: -1, forgottenTopicsData: [] },
    topics: [
      {
        topic: '__cluster_metadata',
        topicId: METADATA_TOPIC_ID,
        partitions: [{ partition: 0, currentLeaderEpoch: 1, fetchOffset: 5n, lastFetchedEpoch: 1, partitionMaxBytes: 0, ...change }],
      },
    ],
  });
  const partitionOf = async (context: ControllerContext, version: number, body: ReturnType<typeof request>) =>
    (await ask(fetchMetadataLogHandler, context, version, version >= 15 ? body : { ...body, replicaState: undefined })).responses[0]
      ?.partitions[0];

  it('gives what follows, by id or by name', async () => {
    const { leader } = await two();
    for (const version of [12, 13, 17, 18]) {
      const partition = await partitionOf(leader, version, request());
      expect(partition).toMatchObject({ errorCode: 0, highWatermark: 11n, currentLeader: { leaderId: 1, leaderEpoch: 1 } });
      expect(partition?.records?.byteLength).toBeGreaterThan(100);
    }
  });

  it('sends whoever has nothing to the snapshot, and whoever differs to where both are the same', async () => {
    const { leader } = await two();
    const { id } = leader.quorum.latestSnapshot() ?? { id: { offset: 0n, epoch: 0 } };
    const empty = await partitionOf(leader, 18, request({ fetchOffset: 0n, lastFetchedEpoch: 0 }));
    expect(empty).toMatchObject({ errorCode: 0, snapshotId: { endOffset: id.offset, epoch: id.epoch } });
    const ahead = await partitionOf(leader, 18, request({ fetchOffset: 50n }));
    expect(ahead).toMatchObject({ errorCode: 0, divergingEpoch: { epoch: 1, endOffset: 11n } });
  });

  it('refuses as Kafka does, and says who leads', async () => {
    const { leader, follower } = await two();
    expect(await partitionOf(leader, 18, request({ currentLeaderEpoch: 0 }))).toMatchObject({ errorCode: codes.FENCED });
    expect(await partitionOf(leader, 18, request({ currentLeaderEpoch: 2 }))).toMatchObject({ errorCode: codes.UNKNOWN_EPOCH });
    expect(await partitionOf(leader, 18, request({ fetchOffset: -1n }))).toMatchObject({ errorCode: codes.INVALID_REQUEST });
    const elsewhere = await ask(fetchMetadataLogHandler, follower, 18, request());
    expect(elsewhere.responses[0]?.partitions[0]).toMatchObject({
      errorCode: codes.NOT_LEADER_OR_FOLLOWER,
      currentLeader: { leaderId: 1, leaderEpoch: 1 },
    });
    expect(elsewhere.nodeEndpoints).toMatchObject([{ nodeId: 1, host: 'h1', port: 9093 }]);
  });

  it('waits for more where there is nothing new, and is woken by an append', async () => {
    const { cluster, leader } = await two();
    const startMs = cluster.world.nowMs();
    const atEnd = { fetchOffset: 11n, highWatermark: 11n };
    const waiting = partitionOf(leader, 18, request(atEnd, 500));
    cluster.leader()?.append([topic('more')]);
    expect((await cluster.world.finish(waiting))?.records?.byteLength).toBeGreaterThan(0);
    expect(cluster.world.nowMs() - startMs).toBeLessThan(10);
  });

  it('answers at once where more is committed than the replica knows', async () => {
    const { cluster, leader } = await two();
    const startMs = cluster.world.nowMs();
    const partition = await cluster.world.finish(partitionOf(leader, 18, request({ fetchOffset: 11n, highWatermark: 9n }, 500)));
    expect(partition).toMatchObject({ highWatermark: 11n });
    expect(cluster.world.nowMs()).toBe(startMs);
  });
});
