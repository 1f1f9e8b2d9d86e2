import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Uuid } from '../model/uuid.js';
import { diskFailure, systemCode } from './disk-failure.js';

/** The cluster that the data in a node's directory are of, as its meta.properties says; null where there are no data. */
export function readClusterId(nodeDirectory: string): Uuid | null {
  const path = join(nodeDirectory, 'meta.properties');
  try {
    return /^cluster\.id=(\S+)$/m.exec(readFileSync(path, 'utf8'))?.[1] ?? null;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw diskFailure(error, 'read', path);
  }
}
