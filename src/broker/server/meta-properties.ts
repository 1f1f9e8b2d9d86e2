import { join } from 'node:path';
import type { Disk } from '../../environment/environment.js';
import { MachineError } from '../../model/errors.js';
import type { Uuid } from '../../model/uuid.js';

/** Whose a data directory is. */
export interface MetaProperties {
  readonly clusterId: Uuid;
  readonly nodeId: number;
  /** Of this directory (KIP-858). */
  readonly directoryId: Uuid;
}

/** As Kafka's MetaPropertiesEnsemble writes it. */
const fileName = 'meta.properties';
const VERSION = '1';

/** Null where the directory is new. Throws MachineError where the file is not what it should be. */
export function readMetaProperties(disk: Disk, dataDirectory: string): MetaProperties | null {
  const path = join(dataDirectory, fileName);
  const bytes = disk.readFile(path);
  if (bytes === null) return null;
  const lines = Buffer.from(bytes).toString().split('\n');
  const properties = new Map(
    lines
      .filter((line) => !line.startsWith('#') && line.includes('='))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  const version = properties.get('version');
  if (version !== VERSION) throw new MachineError(`${path} has version ${version ?? 'none'}; this build knows ${VERSION}`);
  const clusterId = properties.get('cluster.id');
  const nodeId = properties.get('node.id');
  const directoryId = properties.get('directory.id');
  if (clusterId === undefined || nodeId === undefined || directoryId === undefined)
    throw new MachineError(`${path} lacks what it should say`);
  return { clusterId, nodeId: Number(nodeId), directoryId };
}

export function writeMetaProperties(disk: Disk, dataDirectory: string, { clusterId, nodeId, directoryId }: MetaProperties): void {
  const content = `version=${VERSION}\ncluster.id=${clusterId}\nnode.id=${nodeId}\ndirectory.id=${directoryId}\n`;
  disk.writeFile(join(dataDirectory, fileName), Buffer.from(content), { sync: true });
}
