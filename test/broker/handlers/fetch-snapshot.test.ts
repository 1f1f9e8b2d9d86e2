import { describe, expect, it } from 'vitest';
import { fetchSnapshotHandler } from '../../../src/broker/handlers/fetch-snapshot.js';
import type { ControllerContext } from '../../../src/broker/server/controller-context.js';
import { clusterId, createQuorumWorld, topic } from '../controller/raft/quorum-world.js';
import { ask } from './handler-context.js';

const codes = { NOT_LEADER_OR_FOLLOWER: 6, FENCED: 74, UNKNOWN_EPOCH: 75, SNAPSHOT_NOT_FOUND: 98, OUT_OF_RANGE: 99 };

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

describe('FetchSnapshot', () => {
  const request = (id: { offset: bigint; epoch: number }, change: object = {}) => ({
    clusterId,
    replicaId: 9,
    maxBytes: 100,
    topics: [
      {
        name: '__cluster_metadata',
        partitions: [
          { partition: 0, currentLeaderEpoch: 1, snapshotId: { endOffset: id.offset, epoch: id.epoch }, position: 0, ...change },
        ],
      },
    ],
  });

  it('hands out a snapshot piece by piece', async () => {
    const { leader } = await two();
    const snapshot = leader.quorum.latestSnapshot();
    if (snapshot === null) throw new Error('there is no snapshot');
    const pieces: Uint8Array[] = [];
    for (let position = 0; position < snapshot.sizeBytes; position += 100) {
      const response = await ask(fetchSnapshotHandler, leader, 1, request(snapshot.id, { position }));
      const piece = response.topics[0]?.partitions[0];
      expect(piece).toMatchObject({ errorCode: 0, size: snapshot.sizeBytes, position, currentLeader: { leaderId: 1, leaderEpoch: 1 } });
      pieces.push(piece?.unalignedRecords ?? new Uint8Array(0));
    }
    expect(Buffer.concat(pieces).equals(snapshot.read(0, snapshot.sizeBytes))).toBe(true);
  });

  it('refuses as Kafka does', async () => {
    const { leader, follower } = await two();
    const id = leader.quorum.latestSnapshot()?.id ?? { offset: 0n, epoch: 0 };
    const errorOf = async (context: ControllerContext, body: ReturnType<typeof request>) =>
      (await ask(fetchSnapshotHandler, context, 1, body)).topics[0]?.partitions[0]?.errorCode;
    expect(await errorOf(leader, request({ offset: 1_000n, epoch: 1 }))).toBe(codes.SNAPSHOT_NOT_FOUND);
    expect(await errorOf(leader, request(id, { position: 1_000_000 }))).toBe(codes.OUT_OF_RANGE);
    expect(await errorOf(leader, request(id, { currentLeaderEpoch: 0 }))).toBe(codes.FENCED);
    expect(await errorOf(leader, request(id, { currentLeaderEpoch: 2 }))).toBe(codes.UNKNOWN_EPOCH);
    expect(await errorOf(follower, request(id))).toBe(codes.NOT_LEADER_OR_FOLLOWER);
  });
});
