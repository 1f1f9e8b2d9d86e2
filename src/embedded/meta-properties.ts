import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Uuid } from '../model/uuid.js';
import { diskFailure, systemCode } from './disk-failure.js';
import { nodeDirectory } from './instance-paths.js';

/** The cluster that the data in a node's directory are of, as its meta.properties says; null where there are no data. */
export function readClusterId(directory: string): Uuid | null {
  const path = metaPropertiesIn(directory);
  try {
    return /^cluster\.id=(\S+)$/m.exec(readFileSync(path, 'utf8'))?.[1] ?? null;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw diskFailure(error, 'read', path);
  }
}

/** Of how many nodes a cluster has its data there; null where there are none. */
export function countNodes(dataDirectory: string): number | null {
  let count = 0;
  while (hasData(dataDirectory, count + 1)) count += 1;
  return count === 0 ? null : count;
}

/** Whether a node of the cluster has its data there. */
export const hasData = (dataDirectory: string, nodeId: number): boolean =>
  existsSync(metaPropertiesIn(nodeDirectory(dataDirectory, nodeId)));

const metaPropertiesIn = (directory: string): string => join(directory, 'meta.properties');
