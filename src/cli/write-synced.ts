import { closeSync, fsyncSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncDirectoryNow } from '../environment/real/directory-syncs.js';
import { stringifyJson } from '../model/json.js';

/** JSON for its owner alone, never over another file, and on disk when this returns. Nothing is left of what could not be written whole. */
export function writeSynced(path: string, content: unknown): void {
  const text = `${stringifyJson(content, 2)}\n`;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const file = openSync(path, 'wx', 0o600);
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
  // So that the name survives power loss too.
  syncDirectoryNow(dirname(path));
}
