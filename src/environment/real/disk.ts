import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  read,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeSync,
  writevSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { Disk, DiskFile } from '../environment.js';
import type { Lifetime } from '../lifetime.js';
import { createDescriptorCache, type DescriptorCache } from './descriptor-cache.js';
import { createDirectorySyncs, type DirectorySyncs, syncDirectoryNow } from './directory-syncs.js';
import { makeDirectory } from './make-directory.js';
import { maxOpenFilesWithin } from './max-open-files.js';
import { lockForProcess } from './process-lock.js';
import { syncDescriptor } from './sync-descriptor.js';

/**
 * Files of the operating system, of which at most `maxOpenFiles` are open at a time. The end of the lifetime closes them and releases the
 * locks.
 */
export function createRealDisk(
  lifetime: Lifetime,
  { maxOpenFiles, sharedBy = 1 }: { readonly maxOpenFiles?: number; readonly sharedBy?: number } = {},
): Disk {
  const limits = orNull(() => readFileSync('/proc/self/limits', 'utf8'));
  const descriptors = createDescriptorCache(maxOpenFiles ?? maxOpenFilesWithin(limits, sharedBy));
  lifetime.own(descriptors.closeAll);
  const directories = createDirectorySyncs();
  return {
    bootId: orNull(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    open: (path) => openFile(descriptors, directories, lifetime, path),
    size: (path) => statSync(path, { throwIfNoEntry: false })?.size ?? null,
    list: (directory) => orNull(() => readdirSync(directory).sort()) ?? [],
    makeDirectory,
    rename: renameSync,
    remove: (path) => rmSync(path, { recursive: true, force: true }),
    readFile: (path) => orNull(() => readFileSync(path)),
    writeFile: replaceFile,
    volume: (path) => {
      const { bsize, blocks, bavail } = statfsSync(path);
      return { totalBytes: bsize * blocks, usableBytes: bsize * bavail };
    },
    lock: (path) => {
      const release = lockForProcess(path);
      const disown = lifetime.own(release);
      return () => {
        disown();
        release();
      };
    },
  };
}

function openFile(descriptors: DescriptorCache, directories: DirectorySyncs, lifetime: Lifetime, path: string): DiskFile {
  let sizeBytes: number | undefined;
  /** Whether a sync has to cover the file's name in its directory too: done once. */
  let isNameSynced = false;
  const descriptor = descriptors.descriptor(path, constants.O_RDWR | constants.O_CREAT);
  const size = (): number => {
    sizeBytes ??= fstatSync(descriptor.get()).size;
    return sizeBytes;
  };
  /** Work off the loop: the descriptor stays open meanwhile, and once the life of the node is over nobody hears of the end. */
  const offLoop = async <T>(run: (fd: number) => Promise<T>): Promise<T> => {
    const fd = descriptor.get();
    descriptor.retain();
    try {
      return await run(fd);
    } finally {
      descriptor.release();
      if (lifetime.isOver() || lifetime.isPaused()) await new Promise<void>((resolve) => lifetime.deliver(resolve));
    }
  };
  return {
    path,
    sizeBytes: size,
    append: (chunks) => {
      const start = size();
      const fd = descriptor.get();
      try {
        sizeBytes = start + writeAll(fd, chunks, start);
      } catch (error) {
        ftruncateSync(fd, start);
        throw error;
      }
    },
    read: (offset, length) => {
      const fd = descriptor.get();
      const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(length, size() - offset)));
      let done = 0;
      while (done < bytes.length) {
        const count = readSync(fd, bytes, done, bytes.length - done, offset + done);
        if (count === 0) break;
        done += count;
      }
      return bytes.subarray(0, done);
    },
    readAsync: (offset, length) =>
      offLoop(async (fd) => {
        const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(length, size() - offset)));
        let done = 0;
        while (done < bytes.length) {
          const count = await readOnce(fd, bytes, done, offset + done);
          if (count === 0) break;
          done += count;
        }
        return bytes.subarray(0, done);
      }),
    truncate: (newSizeBytes) => {
      ftruncateSync(descriptor.get(), newSizeBytes);
      sizeBytes = newSizeBytes;
    },
    sync: () =>
      offLoop(async (fd) => {
        const name = isNameSynced ? undefined : directories.sync(dirname(path));
        await Promise.all([syncDescriptor(fd), name]);
        isNameSynced = true;
      }),
    close: () => descriptor.close(),
  };
}

/** The system may write less than it was asked to: a full disk shows itself only at the next call. Returns the bytes written. */
function writeAll(fd: number, chunks: readonly Uint8Array[], position: number): number {
  const only = chunks.length === 1 ? chunks[0] : undefined;
  const total = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  let done = only !== undefined ? writeSync(fd, only, 0, only.length, position) : total > 0 ? writevSync(fd, chunks, position) : 0;
  if (done === total) return total;
  const rest = Buffer.concat(chunks);
  while (done < total) done += writeSync(fd, rest, done, total - done, position + done);
  return total;
}

const readOnce = (fd: number, bytes: Buffer, start: number, position: number): Promise<number> =>
  new Promise((resolve, reject) => {
    read(fd, bytes, start, bytes.length - start, position, (error, count) => (error === null ? resolve(count) : reject(error)));
  });

function replaceFile(path: string, content: Uint8Array, options: { readonly sync?: boolean; readonly mode?: number } = {}): void {
  const temporary = `${path}.tmp`;
  const fd = openSync(temporary, 'w', options.mode ?? 0o644);
  try {
    try {
      writeAll(fd, [content], 0);
      if (options.sync === true) fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  if (options.sync === true) syncDirectoryNow(dirname(path));
}

function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
