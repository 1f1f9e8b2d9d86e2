import { join } from 'node:path';
import type { Undo } from '../commands/command.js';
import { MachineError, messageOf } from '../model/errors.js';
import { writeSynced } from './write-synced.js';

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
export function writeUndoFile(path: string, content: UndoFile): void {
  try {
    writeSynced(path, content);
  } catch (error) {
    throw new MachineError(
      `nothing was changed, as the undo file ${path} cannot be written: ${messageOf(error)}`,
      'pass --undo-file FILE to write it elsewhere',
      {
        cause: error,
      },
    );
  }
}
