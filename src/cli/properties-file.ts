import { readFileSync } from 'node:fs';
import { MachineError, messageOf } from '../model/errors.js';
import { parseJavaProperties } from './java-properties.js';

/** Throws MachineError, naming the file, where it cannot be read. */
export const readProperties = (path: string): ReadonlyMap<string, string> => parseJavaProperties(readFile(path).toString('utf8'));

export function readFile(path: string | URL): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new MachineError(`cannot read ${path}: ${messageOf(error)}`, undefined, { cause: error });
  }
}
