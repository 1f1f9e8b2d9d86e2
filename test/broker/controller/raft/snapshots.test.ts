import { describe, expect, it } from 'vitest';
import type { MetadataFollower } from '../../../../src/broker/controller/metadata-follower.js';
import { createQuorumWorld, type QuorumWorld, topic } from './quorum-world.js';

const settle = (cluster: QuorumWorld, limitMs = 5_000) => cluster.world.runUntil(cluster.isSettled, limitMs);
const names = (follower: MetadataFollower | undefined): readonly string[] => [...(follower?.image.topics.byName.keys() ?? [])];
const allNames = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `t${index}`);
const files = (cluster: QuorumWorld, id: number): readonly string[] =>
  cluster.machine(id).environment?.disk.list('/data/__cluster_metadata-0') ?? [];
const snapshotFiles = (cluster: QuorumWorld, id: number) => files(cluster, id).filter((name) => name.endsWith('.checkpoint'));

/** A quorum that makes a snapshot of every 500 bytes or so and keeps one, with 100 topics; the others follow as far as they live. */
async function withSnapshots(seed: string, options: { voters: number; observers?: number; dead?: number; segmentBytes?: number }) {
  const cluster = createQuorumWorld(seed, {
    ...options,
    snapshotBytes: 500,
    retention: { maxBytes: 3_000, segmentBytes: options.segmentBytes ?? 8 * 1024 * 1024 },
  });
  await cluster.startAll();
  await settle(cluster);
  if (options.dead !== undefined) cluster.losePower(options.dead);
  for (const name of allNames(100)) {
    cluster.leader()?.append([topic(name)]);
    await cluster.world.run(5);
  }
  await settle(cluster);
  // Once a minute what is too much is forgotten, and a minute later its files go.
  await cluster.world.run(122_000);
  return cluster;
}

describe('snapshots of the metadata log', () => {
  it('stand for the log before them, which goes', async () => {
    const cluster = await withSnapshots('one', { voters: 1 });
    expect(snapshotFiles(cluster, 1)).toHaveLength(1);
    const quorum = cluster.machine(1).quorum;
    expect(quorum?.startOffset).toBe(quorum?.latestSnapshot()?.id.offset);
    expect(quorum?.startOffset).toBeGreaterThan(90n);
  });

  it('are forgotten a minute later where the disk was full', async () => {
    const cluster = await withSnapshots('full', { voters: 1 });
    for (const name of allNames(200).slice(100)) {
      cluster.leader()?.append([topic(name)]);
      await cluster.world.run(5);
    }
    await settle(cluster);
    const { storage } = cluster.machine(1);
    storage.capacityBytes = storage.usedBytes;
    await cluster.world.run(122_000);
    expect(snapshotFiles(cluster, 1).length).toBeGreaterThan(1);
    storage.capacityBytes = Number.MAX_SAFE_INTEGER;
    await cluster.world.run(122_000);
    expect(snapshotFiles(cluster, 1)).toHaveLength(1);
  });

  it('bring a node back after a restart', async () => {
    const cluster = await withSnapshots('restart', { voters: 1 });
    cluster.losePower(1);
    await cluster.world.finish(cluster.start(1));
    await settle(cluster);
    expect(names(cluster.machine(1).follower)).toEqual(allNames(100));
  });

  it('are fetched anew where only a damaged one says what came before, and until then nobody leads who has less', async () => {
    const cluster = await withSnapshots('damaged', { voters: 3, dead: 2, segmentBytes: 200 });
    cluster.kill(1);
    cluster.kill(3);
    const { disk } = cluster.world.createEnvironment('probe', { storage: cluster.machine(3).storage });
    const [name = ''] = disk.list('/data/__cluster_metadata-0').filter((file) => file.endsWith('.checkpoint'));
    disk.writeFile(`/data/__cluster_metadata-0/${name}`, Buffer.alloc(10));
    // The other has none of it: together they are a majority.
    await cluster.world.finish(Promise.all([cluster.start(2), cluster.start(3)]));
    await cluster.world.run(20_000);
    expect(cluster.leader()).toBe(undefined);
    expect(cluster.machine(3).said.join()).toContain('the metadata log is fetched anew from the other voters');
    expect(files(cluster, 3)).toContain('lost-log-end');
    await cluster.world.finish(cluster.start(1));
    await settle(cluster);
    expect(names(cluster.machine(3).follower)).toEqual(allNames(100));
    cluster.kill(1);
    await cluster.world.runUntil(() => cluster.leader() !== undefined && cluster.isSettled(), 10_000);
    expect(files(cluster, 3)).not.toContain('lost-log-end');
  });

  it('are not to be done without where no other node has them', async () => {
    const cluster = await withSnapshots('damaged alone', { voters: 1, segmentBytes: 200 });
    cluster.kill(1);
    const { disk } = cluster.world.createEnvironment('probe', { storage: cluster.machine(1).storage });
    const [name = ''] = disk.list('/data/__cluster_metadata-0').filter((file) => file.endsWith('.checkpoint'));
    disk.writeFile(`/data/__cluster_metadata-0/${name}`, Buffer.alloc(10));
    await expect(cluster.world.finish(cluster.start(1))).rejects.toMatchObject({
      message: expect.stringMatching(/checkpoint is damaged at byte 0$/),
      hint: 'no other node has this metadata: restore the file from a copy, or reset the cluster',
    });
  });

  it('go to a voter whose disk is empty, and it can lead then', async () => {
    const cluster = await withSnapshots('empty', { voters: 3, dead: 3 });
    await cluster.world.finish(cluster.start(3));
    await settle(cluster);
    expect(names(cluster.machine(3).follower)).toEqual(allNames(100));
    expect(cluster.machine(3).said.join()).toContain('Fetching the snapshot');
    cluster.leader()?.append([topic('more')]);
    await settle(cluster);
    cluster.kill(1);
    cluster.kill(2);
    await cluster.world.finish(cluster.start(2));
    await settle(cluster, 10_000);
    expect(names(cluster.machine(3).follower)).toEqual([...allNames(100), 'more']);
  });

  it('go to an observer that was away for long, with a delta of what differs', async () => {
    const cluster = createQuorumWorld('observer', { voters: 1, observers: 1, snapshotBytes: 500, retention: { maxBytes: 3_000 } });
    await cluster.startAll();
    cluster.leader()?.append([topic('before')]);
    await settle(cluster);
    const changed: string[] = [];
    const { follower } = cluster.machine(2);
    follower?.onChange(({ changedPartitions }) => {
      changed.push(...[...changedPartitions.keys()].map((id) => follower.image.topics.byId.get(id)?.name ?? ''));
    });
    cluster.isolate(2);
    for (const name of allNames(100)) {
      cluster.leader()?.append([topic(name)]);
      await cluster.world.run(5);
    }
    await cluster.world.run(61_000);
    cluster.heal();
    await settle(cluster);
    await cluster.world.runUntil(() => names(follower).length === 101, 1_000);
    expect(changed.toSorted()).toEqual(allNames(100).toSorted());
  });
});
