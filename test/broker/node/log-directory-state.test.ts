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

it('takes no bug for a failure of the disk', () => {
  const { said, state } = watched();
  expect(() => state.disk.rename('/data/absent', '/data/other')).toThrow('ENOENT');
  expect([state.isOffline(), said]).toEqual([false, []]);
});
