import type { Clock, Environment } from '../../environment/environment.js';
import type { TopicPartition } from '../../model/topic-partition.js';
import type { Uuid } from '../../model/uuid.js';
import { initializeCompression } from '../../protocol/records/compression.js';
import { Log, type LogOptions } from '../log/log.js';
import type { LogSummary } from '../log/log-summary.js';
import { type Checkpoints, offsetsOf, readCheckpoints, takeLogSummaries } from './checkpoints.js';
import { readCleanShutdownFile, removeCleanShutdownFile } from './clean-shutdown-file.js';
import { breathe, forEachInSlices } from './in-slices.js';
import { findLogDirectories, type LogDirectory, removeDeleted, setAside } from './log-directories.js';

/** Syncing is slow and waits for the disk alone; more at once would only hold more descriptors. */
const closedAtOnce = 16;

export interface StoredLogs {
  /** Whether committed metadata means this log by that name. */
  readonly isPlacedHere: (topicId: Uuid, topicPartition: TopicPartition) => boolean;
  /** With the names as metadata has them: those that were read hold on to what they were read from. */
  readonly optionsOf: (topicId: Uuid, topicPartition: TopicPartition) => LogOptions & { readonly topicId: Uuid };
  /** With the high watermark that the checkpoint file tells. */
  readonly onOpened: (log: Log, topicId: Uuid, highWatermark: bigint) => void;
}

/**
 * Opens the logs that a data directory has, and sets aside those that are placed here no more. Gives what the checkpoint files said. Rejects
 * with the disk's error. Source: LogManager.loadLogs.
 */
export async function openLogs(
  environment: Environment,
  dataDirectory: string,
  { isPlacedHere, optionsOf, onOpened }: StoredLogs,
): Promise<Checkpoints> {
  const { disk, clock } = environment;
  disk.makeDirectory(dataDirectory);
  removeDeleted(environment, dataDirectory);
  const isCleanShutdown = readCleanShutdownFile(disk, dataDirectory) !== null;
  removeCleanShutdownFile(disk, dataDirectory);
  const checkpoints = readCheckpoints(environment, dataDirectory);
  await breathe(clock);
  const summaries = takeLogSummaries(environment, dataDirectory, isCleanShutdown);
  await breathe(clock);
  let hasSome = false;
  await forEachInSlices(clock, findLogDirectories(disk, dataDirectory, summaries), (directory) => {
    const { topicId, topicPartition, summary } = directory;
    hasSome = true;
    if (topicId === null || !isPlacedHere(topicId, topicPartition)) {
      tellAside(environment, dataDirectory, directory);
      return undefined;
    }
    const { recoveryPoint, highWatermark, logStart } = offsetsOf(checkpoints, topicPartition);
    const options = { ...optionsOf(topicId, topicPartition), recoveryPoint, startOffset: logStart, isCleanShutdown, summary };
    const open = (log: Log) => onOpened(log, options.topicId, highWatermark);
    const restored = Log.restore(environment, options);
    if (restored === null)
      return initializeCompression()
        .then(() => Log.load(environment, options))
        .then(open);
    // Most do, and for thousands of them each promise counts.
    open(restored);
    return undefined;
  });
  // Loading takes a while on a Node without a zstd of its own; a node without records does without until they come.
  if (hasSome) await initializeCompression();
  return checkpoints;
}

function tellAside(environment: Environment, dataDirectory: string, directory: LogDirectory): void {
  const path = setAside(environment, dataDirectory, directory);
  const why = directory.topicId === null ? 'has no readable partition.metadata' : 'is not of a topic that the cluster has placed here';
  environment.log('warn', `${directory.path} ${why}; it is now ${path}`);
}

/** Syncs and closes them, some at once; gives what the next start may open them by. Rejects with the disk's error. */
export async function closeLogs(clock: Clock, logs: readonly Log[]): Promise<readonly LogSummary[]> {
  const open = logs.values();
  const summaries: LogSummary[] = [];
  // Those without anything to sync wait for nothing, and would all be closed in one go.
  const closeSome = () =>
    forEachInSlices(clock, open, async (log) => {
      const summary = await log.close();
      if (summary !== null) summaries.push(summary);
    });
  await Promise.all(Array.from({ length: closedAtOnce }, closeSome));
  return summaries;
}
