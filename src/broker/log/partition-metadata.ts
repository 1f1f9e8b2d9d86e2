import { join } from 'node:path';
import type { Disk } from '../../environment/environment.js';
import type { Uuid } from '../../model/uuid.js';
import { CheckpointError } from './checkpoint-file.js';
import { PARTITION_METADATA } from './file-names.js';

/** Ties a partition's directory to its topic's id. Source: PartitionMetadataFile. */
export function writePartitionMetadata(disk: Disk, directory: string, topicId: Uuid, options: { readonly sync?: boolean } = {}): void {
  disk.writeFile(join(directory, PARTITION_METADATA), Buffer.from(`version: 0\ntopic_id: ${topicId}`), options);
}

/** Null where the directory has no such file. Throws CheckpointError where it is malformed. */
export function readPartitionMetadata(disk: Disk, directory: string): Uuid | null {
  const path = join(directory, PARTITION_METADATA);
  const content = disk.readFile(path);
  if (content === null) return null;
  const match = /^version: 0\ntopic_id: ([\w-]{22})\n?$/.exec(Buffer.from(content).toString());
  if (match === null) throw new CheckpointError(`${path} is malformed`);
  return match[1] as string;
}
