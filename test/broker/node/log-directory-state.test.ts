import { expect, it } from 'vitest';
import { watchLogDirectory } from '../../../src/broker/node/log-directory-state.js';
import { VirtualStorage } from '../../../src/environment/virtual/disk.js';
import { createWorld } from '../../../src/environment/virtual.js';

function watched() {
  const world = createWorld('log directory');
  const storage = new VirtualStorage();
  const said: string[] = [];
  const environment = world.createEnvironment('node', { storage, log: (level, message) => void said.push(`${level} ${message}`) });
  environment.disk.makeDirectory('/data');
  const state = watchLogDirectory(environment, '/data');
  const file = state.disk.open('/data/file');
  const write = () => file.append([Buffer.alloc(100)]);
  const fill = () => {
    storage.capacityBytes = storage.usedBytes;
  };
  return { world, storage, said, state, write, fill };
}

/** The system says of a volume that there is no such path; a virtual one has but one volume. */
function onDiskWithout(directory: string) {
  const said: string[] = [];
  const environment = createWorld('no directory').createEnvironment('node', {
    log: (level, message) => void said.push(`${level} ${message}`),
  });
  const volume = (): never => {
    throw Object.assign(new Error(`ENOENT: no such file or directory, statfs '${directory}'`), { code: 'ENOENT' });
  };
  return { said, environment: { ...environment, disk: { ...environment.disk, volume } } };
}

it('says once that a full disk is offline, however much fails, and once that it is back', async () => {
  const { world, storage, said, state, write, fill } = watched();
  fill();
  for (let time = 0; time < 100; time++) expect(write).toThrow('ENOSPC');
  expect(() => state.disk.writeFile('/data/other', Buffer.alloc(100))).toThrow('ENOSPC');
  expect(state.isOffline()).toBe(true);
  await world.run(10_000);
  expect(said).toEqual([expect.stringMatching(/^error The log directory \/data is offline until it can be written again: ENOSPC/)]);
  storage.capacityBytes = Number.MAX_SAFE_INTEGER;
  await world.run(1_000);
  expect(state.isOffline()).toBe(false);
  expect(said.slice(1)).toEqual(['info The log directory /data is online again']);
  write();
  expect(state.disk.list('/data')).toEqual(['file']);
});

it('stays offline while it fails others than its own probe', async () => {
  const { world, storage, said, state, write, fill } = watched();
  fill();
  expect(write).toThrow('ENOSPC');
  for (let round = 0; round < 10; round++) {
    await world.run(900);
    fill();
    expect(write).toThrow('ENOSPC');
    storage.capacityBytes = Number.MAX_SAFE_INTEGER;
  }
  expect(said).toHaveLength(1);
  state.close();
  await world.run(10_000);
  expect(said).toHaveLength(1);
});

it('takes a directory that was removed for an offline one, and makes nothing in its place', async () => {
  const { world, storage, said, state, write } = watched();
  write();
  const { disk } = world.createEnvironment('somebody', { storage });
  disk.rename('/data', '/away');
  for (let time = 0; time < 3; time++) expect(write).toThrow('the directory is gone: ENOENT');
  expect(() => state.disk.makeDirectory('/data/orders-0')).toThrow('the directory is gone');
  await world.run(10_000);
  expect([state.isOffline(), said]).toEqual([
    true,
    [expect.stringMatching(/is offline until it can be written again: the directory is gone/)],
  ]);
  disk.rename('/away', '/data');
  await world.run(2_000);
  expect(state.isOffline()).toBe(false);
  write();
});

it('is offline once somebody asks about the volume of a directory that was removed', () => {
  const { said, environment } = onDiskWithout('/data');
  const state = watchLogDirectory(environment, '/data');
  expect(() => state.disk.volume('/data')).toThrow('the directory is gone: ENOENT');
  expect([state.isOffline(), said]).toEqual([true, [expect.stringMatching(/the directory is gone/)]]);
  state.close();
});

it('takes no bug for a failure of the disk', () => {
  const { said, state, write } = watched();
  write();
  expect(() => state.disk.rename('/data/absent', '/data/other')).toThrow('ENOENT');
  expect([state.isOffline(), said]).toEqual([false, []]);
});
