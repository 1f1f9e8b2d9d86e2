import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { removeDamagedSnapshots } from '../../../../src/broker/controller/snapshot/remove-damaged-snapshots.js';
import { snapshotFileName } from '../../../../src/broker/controller/snapshot/snapshot-id.js';
import { openSnapshotStore } from '../../../../src/broker/controller/snapshot/snapshot-store.js';
import { writeSnapshot } from '../../../../src/broker/controller/snapshot/write-snapshot.js';
import { VirtualStorage } from '../../../../src/environment/virtual/disk.js';
import { createWorld } from '../../../../src/environment/virtual.js';
import { topic } from '../raft/quorum-world.js';

const directory = '/data/__cluster_metadata-0';

/** A node's snapshots at the offsets, of which those in `damages` are changed before the next life, which looks at them. */
async function nextLife(
  damages: Readonly<Record<number, (bytes: Buffer) => Uint8Array>>,
  offsets: readonly bigint[],
  logStartOffset: bigint,
) {
  const world = createWorld('damaged snapshots');
  const storage = new VirtualStorage();
  const log: string[] = [];
  const environment = world.createEnvironment('h', { storage, log: (_level, message) => log.push(message) });
  const { disk, clock } = environment;
  disk.makeDirectory(directory);
  const written = openSnapshotStore(environment, directory, 0n);
  for (const offset of offsets) {
    const partial = written.create({ offset, epoch: 3 });
    if (partial === null) throw new Error('it is there');
    await world.finish(writeSnapshot(clock, partial, [topic('a'), topic('b')], { lastContainedLogTimestampMs: 1, isWanted: () => true }));
    const path = join(directory, snapshotFileName({ offset, epoch: 3 }));
    const damage = damages[Number(offset)];
    if (damage !== undefined) disk.writeFile(path, damage(Buffer.from(disk.readFile(path) ?? [])));
  }
  written.close();
  const store = openSnapshotStore(environment, directory, logStartOffset);
  return {
    log,
    check: () => world.finish(removeDamagedSnapshots(environment, store, logStartOffset)),
    offsets: () => store.all().map(({ id }) => id.offset),
    files: () => disk.list(directory),
  };
}

const kinds = {
  'cut short': (bytes: Buffer) => bytes.subarray(0, bytes.length - 10),
  'without its footer': (bytes: Buffer) => bytes.subarray(0, 100),
  empty: () => new Uint8Array(0),
  'with other bytes': (bytes: Buffer) => Buffer.from(bytes).fill(7, 80, 90),
  'with a size that makes no sense': (bytes: Buffer) => Buffer.from(bytes).fill(0xff, 8, 12),
};

describe('a damaged snapshot', () => {
  it.each(Object.entries(kinds))('that is %s goes, where the log still has all', async (_kind, damage) => {
    const life = await nextLife({ 42: damage }, [7n, 42n], 0n);
    await life.check();
    expect(life.offsets()).toEqual([7n]);
    expect(life.files()).toEqual([snapshotFileName({ offset: 7n, epoch: 3 })]);
    expect(life.log.join()).toMatch(/0042-0000000003.checkpoint is damaged at byte \d+; it is removed/);
  });

  it('goes where another says what came before the log', async () => {
    const life = await nextLife({ 42: kinds['cut short'] }, [7n, 42n], 7n);
    await life.check();
    expect(life.offsets()).toEqual([7n]);
  });

  it('stays, and is told of, where nothing else says what came before the log', async () => {
    const life = await nextLife({ 7: kinds.empty, 42: kinds['cut short'] }, [7n, 42n], 7n);
    expect((await life.check())?.message).toContain('is damaged at byte');
    expect(life.offsets()).toEqual([7n, 42n]);
  });
});

it('leaves whole snapshots alone', async () => {
  const life = await nextLife({}, [7n, 42n], 7n);
  await life.check();
  expect(life.offsets()).toEqual([7n, 42n]);
  expect(life.log).toEqual([]);
});
