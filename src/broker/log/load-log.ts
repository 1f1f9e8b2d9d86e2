import { CheckpointError } from './checkpoint-file.js';
import { offsetOfFileName, SNAPSHOT_SUFFIX } from './file-names.js';
import { LeaderEpochCache } from './leader-epoch-cache.js';
import { loadSegments } from './load-segments.js';
import type { LogEnvironment, LogOptions } from './log-options.js';
import { greatestOffset, leastOffset } from './offset-bounds.js';
import { Segment } from './segment.js';

/** What a directory tells of its log. */
export interface LoadedLog {
  /** Ascending, and never none. */
  readonly segments: Segment[];
  readonly startOffset: bigint;
  readonly endOffset: bigint;
  readonly recoveryPoint: bigint;
  readonly epochs: LeaderEpochCache;
  /** The offsets of the producer snapshots, ascending. */
  readonly snapshots: readonly bigint[];
}

/** What its summary tells of a log, or null where there is none or the file is another than then. */
export function restoreLog({ disk, clock }: LogEnvironment, directory: string, options: LogOptions): LoadedLog | null {
  const { summary, isCleanShutdown = false } = options;
  if (summary === undefined) return null;
  const { baseOffset, sizeBytes, endOffset, epochs } = summary;
  const startOffset = greatestOffset(summary.startOffset, options.startOffset ?? 0n);
  const segment = new Segment(disk, directory, baseOffset, { createdMs: clock.now(), hasNoIndexFiles: true });
  if (segment.sizeBytes !== sizeBytes || startOffset > endOffset) return null;
  const recoveryPoint = isCleanShutdown ? endOffset : leastOffset(options.recoveryPoint ?? 0n, endOffset);
  const known = LeaderEpochCache.of(epochs);
  // Records that were deleted since are in the checkpoint of log starts alone.
  known.truncateFromStart(startOffset);
  return { segments: [segment], startOffset, endOffset, recoveryPoint, epochs: known, snapshots: [] };
}

/** Reads a log's directory; null where there is none, or nothing is in it. */
export async function loadLog(environment: LogEnvironment, directory: string, options: LogOptions): Promise<LoadedLog | null> {
  const { disk, clock } = environment;
  const { startOffset = 0n, recoveryPoint = 0n, isCleanShutdown = false, config } = options;
  const names = disk.list(directory);
  if (names.length === 0) return null;
  const epochs = new LeaderEpochCache();
  const areEpochsKnown = loadEpochs(environment, epochs, directory);
  const { segments, endOffset } = await loadSegments({
    ...{ disk, clock, directory, names, config, epochs },
    recoveryPoint: areEpochsKnown ? recoveryPoint : 0n,
    isCleanShutdown: isCleanShutdown && areEpochsKnown,
  });
  // Of thousands of logs few are used at once.
  for (const segment of segments) segment.close();
  const snapshots = names.map((name) => offsetOfFileName(name, SNAPSHOT_SUFFIX)).filter((offset) => offset !== null);
  if (segments.length === 0 || endOffset < startOffset) {
    for (const segment of segments) segment.removeFiles();
    const segment = new Segment(disk, directory, startOffset, { createdMs: clock.now() });
    return { segments: [segment], startOffset, endOffset: startOffset, recoveryPoint: startOffset, epochs, snapshots };
  }
  const { baseOffset } = segments[0] as Segment;
  return {
    segments,
    startOffset: greatestOffset(startOffset, baseOffset),
    endOffset,
    recoveryPoint: isCleanShutdown ? endOffset : leastOffset(recoveryPoint, endOffset),
    epochs,
    snapshots,
  };
}

/** False where the file is no good and the epochs must be read from the batches. */
function loadEpochs({ disk, log }: LogEnvironment, epochs: LeaderEpochCache, directory: string): boolean {
  try {
    epochs.load(disk, directory);
    return true;
  } catch (error) {
    if (!(error instanceof CheckpointError)) throw error;
    log('warn', `${error.message}; leader epochs are read from the log instead`);
    return false;
  }
}
