import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a directory with its parents; nothing where it exists. Errors are Node's. Not by mkdir's own `recursive`, which never ends where
 * the system answers ENOENT although the parent is there (/proc, a directory that was removed under a process).
 */
export function makeDirectory(path: string): void {
  if (isDirectory(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeDirectory(parent);
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have been faster.
    if (!isDirectory(path)) throw error;
  }
}

const isDirectory = (path: string): boolean => existsSync(`${path}/.`);
