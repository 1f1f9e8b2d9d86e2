import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Undo } from '../commands/command.js';
import { MachineError } from '../model/errors.js';
import { stringifyJson } from '../model/json.js';

/** What a change can be taken back from; written and synced before the first mutation. */
export interface UndoFile {
  readonly formatVersion: 1;
  readonly clusterId: string;
  /** ISO 8601. */
  readonly takenAt: string;
  /** `topics alter`. */
  readonly command: string;
  readonly rows: readonly ({ readonly name: string } & Undo)[];
}

/** `<state>/undo/<cluster id>/<UTC>-<noun>-<verb>.json`; the time is milliseconds since the epoch. */
export const undoFilePath = (stateDirectory: string, clusterId: string, path: string, now: number): string =>
  join(stateDirectory, 'undo', clusterId, journalName(path, now));

/** `<UTC>-<noun>-<verb>.json` */
export function journalName(path: string, now: number): string {
  const utc = new Date(now).toISOString().replace(/[-:.]/g, '');
  return `${utc}-${path.replaceAll(' ', '-')}.json`;
}

/** Throws MachineError: then nothing may be changed. */
export function writeUndoFile(path: string, content: UndoFile, platform: string): void {
  try {
    writeSynced(path, content, platform);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new MachineError(
      `nothing was changed, as the undo file ${path} cannot be written: ${reason}`,
      'pass --undo-file FILE to write it elsewhere',
      {
        cause: error,
      },
    );
  }
}

/** JSON for its owner alone, never over another file, and on disk when this returns. */
export function writeSynced(path: string, content: unknown, platform: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const file = openSync(path, 'wx', 0o600);
  try {
    writeSync(file, `${stringifyJson(content, 2)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  // So that the name survives power loss too. Windows opens no directories.
  if (platform !== 'win32') syncDirectory(dirname(path));
}

function syncDirectory(path: string): void {
  const directory = openSync(path, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
