import { describe, expect, it } from 'vitest';
import { DiskLockedError } from '../../../src/environment/environment.js';
import { VirtualStorage } from '../../../src/environment/virtual/disk.js';

const text = (bytes: Uint8Array | null) => bytes && Buffer.from(bytes).toString();

describe('a virtual disk', () => {
  it('behaves as a real one', async () => {
    const disk = new VirtualStorage().attach();
    expect(() => disk.open('/data/a').append([Buffer.from('x')])).toThrow(expect.objectContaining({ code: 'ENOENT' }));
    disk.makeDirectory('/data/t-0');
    const file = disk.open('/data/t-0/a');
    expect(disk.size('/data/t-0/a')).toBeNull();
    file.append([Buffer.from('one '), Buffer.from('two')]);
    expect(text(file.read(4, 100))).toBe('two');
    expect(text(await file.readAsync(0, 3))).toBe('one');
    file.truncate(3);
    disk.writeFile('/data/t-0/b', Buffer.from('b'));
    expect(disk.list('/data')).toEqual(['t-0']);
    expect(disk.list('/data/t-0')).toEqual(['a', 'b']);
    disk.rename('/data/t-0', '/data/u-0');
    expect(text(disk.readFile('/data/u-0/a'))).toBe('one');
    disk.remove('/data/u-0');
    expect(disk.list('/data')).toEqual([]);
    expect(disk.readFile('/data/u-0/a')).toBeNull();
  });

  it('keeps all that was written when the process is killed, and frees its locks', () => {
    const storage = new VirtualStorage();
    const disk = storage.attach();
    disk.makeDirectory('/data');
    disk.lock('/data/.lock');
    expect(() => storage.attach().lock('/data/.lock')).toThrow(DiskLockedError);
    const file = disk.open('/data/a');
    file.append([Buffer.from('x')]);
    disk.kill();
    expect(() => file.append([Buffer.from('y')])).toThrow('ended');
    const next = storage.attach();
    next.lock('/data/.lock');
    expect(text(next.readFile('/data/a'))).toBe('x');
  });

  it('loses what was not synced when the power goes', async () => {
    const storage = new VirtualStorage();
    const disk = storage.attach();
    disk.makeDirectory('/data');
    const file = disk.open('/data/a');
    file.append([Buffer.from('synced ')]);
    await file.sync();
    file.append([Buffer.from('lost')]);
    disk.open('/data/never').append([Buffer.from('lost too')]);
    disk.writeFile('/data/state', Buffer.from('old'), { sync: true });
    disk.writeFile('/data/state', Buffer.from('new'));
    storage.losePower();
    const next = storage.attach();
    expect(text(next.readFile('/data/a'))).toBe('synced ');
    expect(text(next.readFile('/data/never'))).toBe('');
    expect(text(next.readFile('/data/state'))).toBe('old');
  });

  it('may keep part of an unsynced tail', () => {
    const storage = new VirtualStorage();
    const disk = storage.attach();
    disk.makeDirectory('/data');
    disk.open('/data/a').append([Buffer.from('0123456789')]);
    storage.losePower((unsynced) => unsynced - 3);
    expect(text(storage.attach().readFile('/data/a'))).toBe('0123456');
  });

  it('covers by a sync only what was appended before it, once its time has passed', async () => {
    const storage = new VirtualStorage();
    const tasks: (() => void)[] = [];
    const clock = {
      after: (_delayMs: number, task: () => void) => {
        tasks.push(task);
        return () => {};
      },
    };
    const disk = storage.attach({ clock, syncMs: 5 });
    disk.makeDirectory('/data');
    const file = disk.open('/data/a');
    file.append([Buffer.from('before ')]);
    const synced = file.sync();
    file.append([Buffer.from('after')]);
    for (const task of tasks) task();
    await synced;
    storage.losePower();
    expect(text(storage.attach().readFile('/data/a'))).toBe('before ');
  });

  it('is full at its capacity, and then changes nothing', () => {
    const storage = new VirtualStorage();
    const disk = storage.attach();
    disk.makeDirectory('/data');
    const file = disk.open('/data/a');
    storage.capacityBytes = 10;
    file.append([Buffer.alloc(8)]);
    expect(() => file.append([Buffer.alloc(1), Buffer.alloc(2)])).toThrow(expect.objectContaining({ code: 'ENOSPC' }));
    expect(() => disk.writeFile('/data/b', Buffer.alloc(3))).toThrow(expect.objectContaining({ code: 'ENOSPC' }));
    expect(file.sizeBytes()).toBe(8);
    expect(disk.list('/data')).toEqual(['a']);
  });
});
