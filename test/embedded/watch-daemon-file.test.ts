import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { daemonFormat } from '../../src/embedded/daemon-file.js';
import { writeStateFile } from '../../src/embedded/state-file.js';
import { watchDaemonFile } from '../../src/embedded/watch-daemon-file.js';
import { createWorld } from '../../src/environment/virtual.js';
import { temporaryDirectory } from './temporary-directory.js';

function watched() {
  const world = createWorld(1);
  const path = join(temporaryDirectory(), 'daemon.json');
  const write = (nonce: string) => writeStateFile(path, daemonFormat, { pid: 1, nonce, version: '1', controlPort: 1, token: 't' });
  write('mine');
  let calls = 0;
  const stop = watchDaemonFile(world.createEnvironment('a').clock, path, 'mine', () => calls++);
  return { world, path, write, stop, calls: () => calls };
}

describe('the file of a background process', () => {
  it('is its own as long as it says so', async () => {
    const { world, calls } = watched();
    await world.run(10_000);
    expect(calls()).toBe(0);
  });

  it('is its own no more when it is gone, which is told once', async () => {
    const { world, path, calls } = watched();
    rmSync(path);
    await world.run(1_000);
    expect(calls()).toBe(1);
    await world.run(10_000);
    expect(calls()).toBe(1);
  });

  it('is its own no more when another has written it', async () => {
    const { world, write, calls } = watched();
    await world.run(1_500);
    write('theirs');
    await world.run(1_000);
    expect(calls()).toBe(1);
  });

  it('says nothing where it cannot be read, or nobody watches it', async () => {
    const { world, path, stop, calls } = watched();
    writeFileSync(path, '{"formatVersion": 99}');
    await world.run(3_000);
    stop();
    rmSync(path);
    await world.run(3_000);
    expect(calls()).toBe(0);
  });
});
