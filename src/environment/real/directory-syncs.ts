import { closeSync, constants, fsyncSync, openSync } from 'node:fs';
import { syncDescriptor } from './sync-descriptor.js';

/** New names, and renamed ones, survive power loss only when their directory is synced. */
export interface DirectorySyncs {
  /** Resolves when the names that stand in the directory now survive power loss. */
  readonly sync: (directory: string) => Promise<void>;
}

/** The files of a log are synced at once: what is asked for a directory in one turn of the loop is one sync. */
export function createDirectorySyncs(): DirectorySyncs {
  const pending = new Map<string, Promise<void>>();
  return {
    sync: (directory) => {
      const known = pending.get(directory);
      if (known !== undefined) return known;
      const syncing = Promise.resolve().then(() => {
        pending.delete(directory);
        return syncDirectory(directory);
      });
      pending.set(directory, syncing);
      return syncing;
    },
  };
}

async function syncDirectory(path: string): Promise<void> {
  if (!canOpenDirectories) return;
  const fd = openSync(path, constants.O_RDONLY);
  try {
    await syncDescriptor(fd);
  } finally {
    closeSync(fd);
  }
}

/** The same, before it returns. */
export function syncDirectoryNow(path: string): void {
  if (!canOpenDirectories) return;
  const fd = openSync(path, constants.O_RDONLY);
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

const canOpenDirectories = process.platform !== 'win32';
