import { join } from 'node:path';
import type { Disk, Environment } from '../../environment/environment.js';
import type { TopicPartition } from '../../model/topic-partition.js';
import type { Uuid } from '../../model/uuid.js';
import { CheckpointError } from '../log/checkpoint-file.js';
import { deletedDirectoryName, isDeletedDirectoryName, parsePartitionDirectoryName, strayDirectoryName } from '../log/file-names.js';
import type { LogSummary } from '../log/log-summary.js';
import { readPartitionMetadata } from '../log/partition-metadata.js';
import { removeInBackground } from '../log/remove-in-background.js';

export interface LogDirectory {
  readonly path: string;
  readonly topicPartition: TopicPartition;
  /** Null where partition.metadata is missing or malformed: nobody can say whose records these are. */
  readonly topicId: Uuid | null;
}

/** The metadata log lies beside the partitions and is none of them. */
const metadataTopic = '__cluster_metadata';

/**
 * The directories of partitions in a data directory, one by one; those on their way out are not among them. What `summaries` tell is not
 * looked up.
 */
export function* findLogDirectories(
  disk: Disk,
  dataDirectory: string,
  summaries: ReadonlyMap<string, LogSummary>,
): Generator<LogDirectory & { readonly summary: LogSummary | undefined }> {
  for (const name of disk.list(dataDirectory)) {
    const topicPartition = isDeletedDirectoryName(name) ? null : parsePartitionDirectoryName(name);
    if (topicPartition === null || topicPartition.topic === metadataTopic) continue;
    const path = join(dataDirectory, name);
    const summary = summaries.get(name);
    yield { path, topicPartition, topicId: summary?.topicId ?? topicIdOf(disk, path), summary };
  }
}

function topicIdOf(disk: Disk, directory: string): Uuid | null {
  try {
    return readPartitionMetadata(disk, directory);
  } catch (error) {
    if (error instanceof CheckpointError) return null;
    throw error;
  }
}

/**
 * Renames a directory that is not what committed metadata means by its name. The next start removes it, unless nobody can say whose
 * records they are: a damaged partition.metadata must not cost them.
 */
export function setAside({ disk, random }: Pick<Environment, 'disk' | 'random'>, dataDirectory: string, directory: LogDirectory): string {
  const nameAside = directory.topicId === null ? strayDirectoryName : deletedDirectoryName;
  const path = join(dataDirectory, nameAside(directory.topicPartition, random.bytes(16)));
  disk.rename(directory.path, path);
  return path;
}

/** Removes, little by little, what was on its way out when the node stopped. */
export function removeDeleted(environment: Pick<Environment, 'disk' | 'clock' | 'log'>, dataDirectory: string): void {
  for (const name of environment.disk.list(dataDirectory)) {
    if (isDeletedDirectoryName(name)) removeInBackground(environment, join(dataDirectory, name));
  }
}
