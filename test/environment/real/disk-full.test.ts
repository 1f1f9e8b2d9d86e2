import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { createLifetime } from '../../../src/environment/lifetime.js';
import { createRealDisk } from '../../../src/environment/real/disk.js';
import { lockForProcess } from '../../../src/environment/real/process-lock.js';

// A disk that fills up in the middle of a write takes a part, and says so only when it is given the rest.
const disk = vi.hoisted(() => ({ isFull: false }));
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  const writevSync = (fd: number, chunks: readonly NodeJS.ArrayBufferView[], position: number) =>
    disk.isFull ? fs.writeSync(fd, chunks[0] as Uint8Array, 0, 2, position) : fs.writevSync(fd, chunks, position);
  const writeSync = (fd: number, bytes: Uint8Array, start: number, length: number, position: number) => {
    if (disk.isFull) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    return fs.writeSync(fd, bytes, start, length, position);
  };
  const writeFileSync: typeof fs.writeFileSync = (path, content, options) => {
    fs.writeFileSync(path, disk.isFull ? '' : content, options);
    if (disk.isFull) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  };
  return { ...fs, writevSync, writeSync, writeFileSync };
});

let directory: string;
afterEach(() => rmSync(directory, { recursive: true, force: true }));

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
