import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a directory with its parents; nothing where it exists. Errors are Node's. Not by mkdir's own `recursive`, which never ends where
 * the system answers ENOENT although the parent is there (/proc, a directory that was removed under a process).
 */
export function makeDirectory(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    // It may be there already, or another process was faster.
    if (isDirectory(path)) return;
    const parent = dirname(path);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || parent === path || isDirectory(parent)) throw error;
    makeDirectory(parent);
    makeDirectory(path);
  }
}

const isDirectory = (path: string): boolean => existsSync(`${path}/.`);
