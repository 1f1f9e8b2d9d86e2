import { join } from 'node:path';
import type { Disk } from '../../environment/environment.js';
import { MachineError } from '../../model/errors.js';
import { parseJson, stringifyJson } from '../../model/json.js';
import type { LogEnd } from './raft/log-end.js';

const FILE_NAME = 'lost-log-end';
const FORMAT_VERSION = 1;

/**
 * How far the metadata log went of which this node has lost the beginning, and which it therefore fetches anew. Others count on what it had:
 * until it has as much again it neither leads nor votes for who has less.
 */
export function writeLostLogEnd(disk: Disk, directory: string, { epoch, offset }: LogEnd): void {
  const content = stringifyJson({ formatVersion: FORMAT_VERSION, epoch, offset });
  disk.writeFile(join(directory, FILE_NAME), Buffer.from(content), { sync: true });
}

/** Null where nothing is lost. Throws MachineError where the file is not what it should be. */
export function readLostLogEnd(disk: Disk, directory: string): LogEnd | null {
  const path = join(directory, FILE_NAME);
  const bytes = disk.readFile(path);
  if (bytes === null) return null;
  try {
    const { formatVersion, epoch, offset } = parseJson(Buffer.from(bytes).toString()) as Readonly<Record<string, unknown>>;
    if (formatVersion === FORMAT_VERSION && typeof epoch === 'number' && (typeof offset === 'number' || typeof offset === 'bigint')) {
      return { epoch, offset: BigInt(offset) };
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new MachineError(`${path} cannot be read`);
}

export const removeLostLogEnd = (disk: Disk, directory: string): void => disk.remove(join(directory, FILE_NAME));
