import type { Disk } from '../../environment/environment.js';
import type { LeaderEpochCache } from './leader-epoch-cache.js';
import type { LogProducers } from './log-producers.js';
import type { LogSegments } from './log-segments.js';
import type { PartitionDirectory } from './partition-directory.js';

/** What a log is made of on the disk. */
export interface LogParts {
  readonly directory: PartitionDirectory;
  readonly epochs: LeaderEpochCache;
  readonly producers: LogProducers;
  readonly segments: LogSegments;
}

/**
 * Syncs what a log has from `fromOffset` up to `endOffset`, with all that tells of it. Resolves with true when it survives power loss; with
 * false where the log has no directory (any more), or was cut off meanwhile: what was synced may then be other records than stand there now.
 */
export async function syncLog(
  disk: Disk,
  { directory, epochs, producers, segments }: LogParts,
  fromOffset: bigint,
  endOffset: bigint,
): Promise<boolean> {
  if (!directory.isThere) return false;
  const { removals } = segments;
  try {
    await Promise.all([
      directory.syncMetadata(),
      epochs.sync(disk, directory.path),
      producers.sync(),
      segments.sync(fromOffset, endOffset),
    ]);
  } catch (error) {
    // A log that was deleted meanwhile has nothing left to keep.
    if (!directory.isThere) return false;
    throw error;
  }
  return removals === segments.removals;
}
