import type { Environment } from '../../../environment/environment.js';
import { messageOf } from '../../../model/errors.js';
import type { MetadataFollower } from '../metadata-follower.js';
import type { Quorum } from '../quorum.js';
import { recordsOf } from './image-records.js';
import { writeSnapshot } from './write-snapshot.js';

export interface SnapshotLimits {
  /** metadata.log.max.record.bytes.between.snapshots */
  readonly maxBytes: () => number;
  /** metadata.log.max.snapshot.interval.ms; 0 for never. Looked at when something has changed. */
  readonly maxIntervalMs: () => number;
}

/**
 * Makes a snapshot of a node's own image when enough of the log was replayed since the last, or something and long ago. One at a time; each
 * node makes its own. The result ends it, and resolves when nothing is written any more. Source: SnapshotGenerator.
 */
export function generateSnapshots(
  { clock, log }: Pick<Environment, 'clock' | 'log'>,
  quorum: Quorum,
  follower: MetadataFollower,
  limits: SnapshotLimits,
): () => Promise<void> {
  let bytes = 0;
  let lastMs = clock.monotonicMs();
  let lastTimestampMs = 0;
  let writing: Promise<void> | null = null;
  let isOpen = true;

  const generate = async (): Promise<void> => {
    const { image } = follower;
    const id = { offset: image.offset + 1n, epoch: image.leaderEpoch };
    const snapshot = quorum.createSnapshot(id);
    if (snapshot === null) return;
    const options = { lastContainedLogTimestampMs: lastTimestampMs, isWanted: () => isOpen };
    const written = await writeSnapshot(clock, snapshot, recordsOf(image), options);
    if (written !== null) log('info', `Made a snapshot of the metadata log at ${id.offset}, of ${written.sizeBytes} bytes`);
  };

  const stopBatches = follower.onBatch((batch) => {
    bytes += batch.sizeBytes;
    lastTimestampMs = batch.timestampMs;
  });
  const stopChanges = follower.onChange(() => {
    const maxIntervalMs = limits.maxIntervalMs();
    const isLongAgo = maxIntervalMs > 0 && clock.monotonicMs() - lastMs >= maxIntervalMs;
    if (writing !== null || bytes === 0 || (bytes < limits.maxBytes() && !isLongAgo)) return;
    bytes = 0;
    lastMs = clock.monotonicMs();
    writing = generate()
      .catch((error: unknown) => log('error', `No snapshot of the metadata log was made: ${messageOf(error)}`))
      .finally(() => {
        writing = null;
      });
  });
  return async () => {
    isOpen = false;
    stopBatches();
    stopChanges();
    await writing;
  };
}
