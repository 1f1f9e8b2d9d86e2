import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLifetime, type Lifetime } from '../../../src/environment/lifetime.js';
import { createRealDisk } from '../../../src/environment/real/disk.js';

let directory: string;
let lifetime: Lifetime;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kafka-ts-disk-'));
  lifetime = createLifetime();
});
afterEach(() => {
  lifetime.end();
  rmSync(directory, { recursive: true, force: true });
});
const text = (bytes: Uint8Array | null) => bytes && Buffer.from(bytes).toString();
const openDescriptors = () => readdirSync('/proc/self/fd').length;

describe('files', () => {
  it('are created on use, appended to, read and cut', async () => {
    const disk = createRealDisk(lifetime);
    const path = join(directory, 'a.log');
    const file = disk.open(path);
    expect(disk.size(path)).toBeNull();
    file.append([Buffer.from('one '), Buffer.from('two '), new Uint8Array(0), Buffer.from('three')]);
    file.append([Buffer.from('!')]);
    expect(file.sizeBytes()).toBe(14);
    expect(disk.size(path)).toBe(14);
    expect(text(file.read(4, 3))).toBe('two');
    expect(text(file.read(8, 100))).toBe('three!');
    expect(file.read(100, 5)).toHaveLength(0);
    expect(text(await file.readAsync(4, 3))).toBe('two');
    file.truncate(4);
    file.append([Buffer.from('more')]);
    await file.sync();
    file.close();
    expect(text(file.read(0, 100))).toBe('one more');
    expect(file.sizeBytes()).toBe(8);
  });

  it('take more chunks in one append than one call of the system does', () => {
    const file = createRealDisk(lifetime).open(join(directory, 'many'));
    file.append(Array.from({ length: 5000 }, (_, index) => Buffer.from(`${index},`)));
    const expected = Array.from({ length: 5000 }, (_, index) => `${index},`).join('');
    expect(text(file.read(0, 1_000_000))).toBe(expected);
  });

  it('are open in a bounded number, the one not used for longest closed first', () => {
    const disk = createRealDisk(lifetime, { maxOpenFiles: 10 });
    const files = Array.from({ length: 100 }, (_, index) => disk.open(join(directory, `f${index}`)));
    files[0]!.append([Buffer.from('x')]);
    const before = openDescriptors();
    for (const [index, file] of files.entries()) file.append([Buffer.from(`${index}`)]);
    expect(openDescriptors()).toBeLessThanOrEqual(before + 9);
    for (const [index, file] of files.entries()) expect(text(file.read(0, 10))).toBe(index === 0 ? 'x0' : `${index}`);
  });

  it('stay open under a sync that goes on, also where the bound is passed', async () => {
    const disk = createRealDisk(lifetime, { maxOpenFiles: 2 });
    const files = Array.from({ length: 20 }, (_, index) => disk.open(join(directory, `s${index}`)));
    await Promise.all(
      files.map((file) => {
        file.append([Buffer.from('data')]);
        const synced = file.sync();
        file.close();
        return synced;
      }),
    );
    expect(files.map((file) => text(file.read(0, 9)))).toEqual(files.map(() => 'data'));
  });

  it('are closed at the end of the life, and what waits hears nothing', async () => {
    const disk = createRealDisk(lifetime);
    const file = disk.open(join(directory, 'a'));
    file.append([Buffer.from('x')]);
    let isSettled = false;
    const settle = () => {
      isSettled = true;
    };
    file.sync().then(settle, settle);
    lifetime.end();
    // The sync has ended once the file, opened anew by another life, is synced behind it.
    await createRealDisk(createLifetime()).open(join(directory, 'a')).sync();
    expect(isSettled).toBe(false);
  });
});

describe('directories and whole files', () => {
  it('are listed, made, renamed and removed', () => {
    const disk = createRealDisk(lifetime);
    const inner = join(directory, 'x', 'y');
    expect(disk.list(inner)).toEqual([]);
    disk.makeDirectory(inner);
    disk.makeDirectory(inner);
    disk.writeFile(join(inner, 'b'), Buffer.from('b'));
    disk.writeFile(join(inner, 'a'), Buffer.from('a'));
    expect(disk.list(inner)).toEqual(['a', 'b']);
    disk.rename(inner, join(directory, 'z'));
    expect(disk.list(join(directory, 'z'))).toEqual(['a', 'b']);
    disk.remove(join(directory, 'z'));
    disk.remove(join(directory, 'z'));
    expect(disk.list(directory)).toEqual(['x']);
    expect(() => disk.rename(join(directory, 'none'), inner)).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  });

  it('are replaced as one step, with the mode asked for and nothing left over', () => {
    const disk = createRealDisk(lifetime);
    const path = join(directory, 'state');
    expect(disk.readFile(path)).toBeNull();
    disk.writeFile(path, Buffer.from('old'));
    disk.writeFile(path, Buffer.from('new'), { sync: true, mode: 0o600 });
    expect(text(disk.readFile(path))).toBe('new');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(directory)).toEqual(['state']);
  });

  it('keep the old content where the new can not be written', () => {
    const disk = createRealDisk(lifetime);
    const path = join(directory, 'state');
    disk.writeFile(path, Buffer.from('old'));
    disk.makeDirectory(`${path}.tmp`);
    expect(() => disk.writeFile(path, Buffer.from('new'))).toThrow(expect.objectContaining({ code: 'EISDIR' }));
    expect(readFileSync(path, 'utf8')).toBe('old');
  });
});
