import type { Environment } from '../../environment/environment.js';
import { MachineError } from '../../model/errors.js';
import { createUuid } from '../../model/uuid.js';
import type { NodeConfig } from '../node-config.js';
import { type MetaProperties, readMetaProperties, writeMetaProperties } from '../server/meta-properties.js';

/** The directory's own account of itself, null where it is new. Throws MachineError where it is another's. */
export function checkDirectory(
  { disk }: Environment,
  { nodeId, clusterId, dataDirectory }: Pick<NodeConfig, 'nodeId' | 'clusterId' | 'dataDirectory'>,
): MetaProperties | null {
  const found = readMetaProperties(disk, dataDirectory);
  if (found === null) return null;
  if (found.clusterId !== clusterId) throw new MachineError(`${dataDirectory} belongs to cluster ${found.clusterId}, not to ${clusterId}`);
  if (found.nodeId !== nodeId) throw new MachineError(`${dataDirectory} belongs to node ${found.nodeId}, not to ${nodeId}`);
  return found;
}

/** Gives a new directory to this node. */
export function ownDirectory(
  { disk, random }: Environment,
  { nodeId, clusterId, dataDirectory }: Pick<NodeConfig, 'nodeId' | 'clusterId' | 'dataDirectory'>,
): MetaProperties {
  const made = { clusterId, nodeId, directoryId: createUuid(random.bytes) };
  writeMetaProperties(disk, dataDirectory, made);
  return made;
}
