import fs, { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { createLifetime } from '../../../src/environment/lifetime.js';
import { createRealDisk } from '../../../src/environment/real/disk.js';
import { lockForProcess } from '../../../src/environment/real/process-lock.js';

// A disk that fills up in the middle of a write takes a part, and says so only when it is given the rest.
const { writevSync, writeSync, writeFileSync } = fs;
const noSpace = () => Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
const full = {
  writevSync: (fd: number, chunks: readonly NodeJS.ArrayBufferView[], position: number) =>
    writeSync(fd, chunks[0] as Uint8Array, 0, 2, position),
  writeSync: () => {
    throw noSpace();
  },
  writeFileSync: (path: string) => {
    writeFileSync(path, '');
    throw noSpace();
  },
};
const disk = {
  set isFull(value: boolean) {
    Object.assign(fs, value ? full : { writevSync, writeSync, writeFileSync });
    syncBuiltinESMExports();
  },
};

let directory: string;
afterEach(() => {
  disk.isFull = false;
  rmSync(directory, { recursive: true, force: true });
});

it('an append that the disk takes only a part of leaves nothing of it', () => {
  directory = mkdtempSync(join(tmpdir(), 'kafka-ts-full-'));
  const lifetime = createLifetime();
  const real = createRealDisk(lifetime);
  const path = join(directory, 'a');
  const file = real.open(path);
  file.append([Buffer.from('before '), Buffer.from('it')]);
  disk.isFull = true;
  expect(() => file.append([Buffer.from('lost'), Buffer.from('too')])).toThrow(expect.objectContaining({ code: 'ENOSPC' }));
  expect(real.size(path)).toBe(9);
  expect(file.sizeBytes()).toBe(9);
  disk.isFull = false;
  file.append([Buffer.from(' and'), Buffer.from(' after')]);
  expect(Buffer.from(file.read(0, 100)).toString()).toBe('before it and after');
  lifetime.end();
});

it('a lock is released, and can be taken again', () => {
  directory = mkdtempSync(join(tmpdir(), 'kafka-ts-full-'));
  const path = join(directory, 'lock');
  const release = lockForProcess(path);
  disk.isFull = true;
  release();
  expect(readdirSync(path)).toEqual(['1']);
  disk.isFull = false;
  lockForProcess(path)();
});
