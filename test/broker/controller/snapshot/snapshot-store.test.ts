import { describe, expect, it } from 'vitest';
import { lastContainedLogTimestampMs, readSnapshot } from '../../../../src/broker/controller/snapshot/read-snapshot.js';
import { parseSnapshotFileName, snapshotFileName } from '../../../../src/broker/controller/snapshot/snapshot-id.js';
import { openSnapshotStore } from '../../../../src/broker/controller/snapshot/snapshot-store.js';
import { writeSnapshot } from '../../../../src/broker/controller/snapshot/write-snapshot.js';
import { VirtualStorage } from '../../../../src/environment/virtual/disk.js';
import { slicesOf } from '../../../../src/environment/virtual/slices.js';
import { createWorld } from '../../../../src/environment/virtual.js';
import { topic } from '../raft/quorum-world.js';

const directory = '/data/__cluster_metadata-0';
const topics = Array.from({ length: 1_200 }, (_, index) => topic(`t${index}`));
const options = { lastContainedLogTimestampMs: 123, isWanted: () => true };

function machine() {
  const world = createWorld('snapshots');
  const storage = new VirtualStorage();
  const start = (logStartOffset = 0n) => {
    const environment = world.createEnvironment('h', { storage });
    environment.disk.makeDirectory(directory);
    return { environment, store: openSnapshotStore(environment, directory, logStartOffset) };
  };
  const write = async ({ environment, store }: ReturnType<typeof start>, offset: bigint, wanted = options) => {
    const partial = store.create({ offset, epoch: 3 });
    if (partial === null) throw new Error('it is there');
    return world.finish(writeSnapshot(environment.clock, partial, topics, wanted));
  };
  return { world, storage, start, write };
}

describe('a snapshot', () => {
  it('has the name that Kafka gives it', () => {
    const name = '00000000000000000042-0000000003.checkpoint';
    const id = { offset: 42n, epoch: 3 };
    expect(snapshotFileName(id)).toBe(name);
    expect(parseSnapshotFileName(name)).toEqual({ id, isWhole: true });
    // As Kafka names what it is writing.
    expect(parseSnapshotFileName('00000000000000000042-0000000003-8231.checkpoint.part')).toEqual({ id, isWhole: false });
    expect(parseSnapshotFileName(`${name}.deleted`)).toEqual({ id, isWhole: false });
    expect(parseSnapshotFileName('00000000000000000042.log')).toBeNull();
  });

  it('holds what was written, through the loss of power', async () => {
    const { start, write, storage } = machine();
    await write(start(), 42n);
    storage.losePower();
    const [snapshot] = start().store.all();
    if (snapshot === undefined) throw new Error('it is lost');
    const names = [...readSnapshot(snapshot)].flatMap(({ records }) => records.map(({ value }) => (value as { name: string }).name));
    expect(names).toEqual(topics.map(({ value }) => (value as { name: string }).name));
    expect(lastContainedLogTimestampMs(snapshot)).toBe(123);
  });

  it('is not there before it is whole, nor after a crash on the way', async () => {
    const { start, storage } = machine();
    const { environment, store } = start();
    const partial = store.create({ offset: 42n, epoch: 3 });
    partial?.append(new Uint8Array(10));
    expect(store.all()).toEqual([]);
    environment.close();
    storage.losePower((unsynced) => unsynced);
    const again = start();
    expect(again.store.all()).toEqual([]);
    expect(again.environment.disk.list(directory)).toEqual([]);
  });

  it('is given up where nobody wants it any more', async () => {
    const { start, write } = machine();
    const life = start();
    let looks = 0;
    const slow = { ...life.environment, clock: { ...life.environment.clock, beginSlice: slicesOf(() => looks++ * 1_000) } };
    expect(await write({ ...life, environment: slow }, 42n, { ...options, isWanted: () => false })).toBeNull();
    expect(life.environment.disk.list(directory)).toEqual([]);
  });

  it('is refused where it is damaged', async () => {
    const { start, write } = machine();
    const life = start();
    const snapshot = await write(life, 42n);
    if (snapshot === null) throw new Error('it is not there');
    const bytes = Buffer.from(snapshot.read(0, snapshot.sizeBytes));
    const damaged = (change: (bytes: Buffer) => Buffer) => {
      const changed = change(Buffer.from(bytes));
      const read = (position: number, length: number) => changed.subarray(position, position + length);
      return () => [...readSnapshot({ ...snapshot, sizeBytes: changed.length, read })];
    };
    expect(damaged((whole) => whole)).not.toThrow();
    expect(damaged((whole) => whole.fill(7, 1_000, 1_010))).toThrow(`${snapshot.path} is damaged at byte`);
    // Without its last batch, the footer, it is not whole.
    expect(damaged((whole) => whole.subarray(0, whole.length - 75))).toThrow('is damaged at byte');
    expect(damaged((whole) => whole.subarray(0, whole.length - 10))).toThrow('is damaged at byte');
  });
});

describe('the store', () => {
  it('orders snapshots, finds them, and makes none twice', async () => {
    const { start, write } = machine();
    const life = start();
    for (const offset of [42n, 7n, 100n]) await write(life, offset);
    expect(life.store.all().map(({ id }) => id.offset)).toEqual([7n, 42n, 100n]);
    expect(life.store.find({ offset: 42n, epoch: 3 })?.id.offset).toBe(42n);
    expect(life.store.find({ offset: 42n, epoch: 4 })).toBeNull();
    expect(life.store.create({ offset: 42n, epoch: 3 })).toBeNull();
  });

  it('forgets what is old at once, and removes it later, or at the next start', async () => {
    const { start, write, world } = machine();
    const life = start();
    for (const offset of [7n, 42n]) await write(life, offset);
    const [oldest] = life.store.all();
    life.store.removeBefore(42n, 60_000);
    expect(life.store.all().map(({ id }) => id.offset)).toEqual([42n]);
    expect(oldest?.read(0, 10)).toHaveLength(10);
    await world.run(61_000);
    expect(life.environment.disk.list(directory)).toEqual([snapshotFileName({ offset: 42n, epoch: 3 })]);
    life.environment.close();
    expect(start(50n).store.all()).toEqual([]);
  });

  it('leaves what cannot be removed to the next start', async () => {
    const { start, write, world } = machine();
    const life = start();
    for (const offset of [7n, 42n]) await write(life, offset);
    const { disk } = life.environment;
    const refuse = () => {
      throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO' });
    };
    Object.assign(disk, { remove: refuse });
    life.store.removeBefore(42n, 60_000);
    await world.run(61_000);
    expect(disk.list(directory)).toHaveLength(2);
    life.environment.close();
    expect(
      start(42n)
        .store.all()
        .map(({ id }) => id.offset),
    ).toEqual([42n]);
  });
});
