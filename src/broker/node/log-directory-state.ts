import { join } from 'node:path';
import { isDiskFailure } from '../../environment/disk-failure.js';
import type { Cancel, Disk, DiskFile, Environment } from '../../environment/environment.js';

/** Between two looks at a disk that failed; it must have failed nobody meanwhile. */
const PROBE_INTERVAL_MS = 1_000;
/** As much as the smallest file takes on most disks. */
const probeContent = new Uint8Array(4096);

/** Whether the disk takes what the node writes. */
export interface LogDirectoryState {
  /** The node's disk: what fails on it is noticed. */
  readonly disk: Disk;
  readonly isOffline: () => boolean;
  readonly close: () => void;
}

/**
 * Says once when a node's log directory goes offline, for a full disk fails every record and every task, and once when it is back. Kafka's
 * broker halts when its last directory is gone (LogDirFailureChannel); this one goes on: it serves what can be read, answers
 * KAFKA_STORAGE_ERROR where it cannot write, and tries again. A directory that is removed under the node is such a one until the node's host
 * notices and ends it.
 */
export function watchLogDirectory({ disk, clock, log }: Pick<Environment, 'disk' | 'clock' | 'log'>, directory: string): LogDirectoryState {
  const probePath = join(directory, '.probe');
  let isOffline = false;
  let lastFailureMs = 0;
  let cancelProbe: Cancel = () => {};

  const failed = (error: unknown): void => {
    if (!isDiskFailure(error)) return;
    lastFailureMs = clock.monotonicMs();
    if (isOffline) return;
    isOffline = true;
    log('error', `The log directory ${directory} is offline until it can be written again: ${error.message}`);
    probeLater();
  };
  const probeLater = (): void => {
    cancelProbe = clock.after(PROBE_INTERVAL_MS, () => {
      if (clock.monotonicMs() - lastFailureMs < PROBE_INTERVAL_MS || !isWritable()) {
        probeLater();
        return;
      }
      isOffline = false;
      log('info', `The log directory ${directory} is online again`);
    });
  };
  const isWritable = (): boolean => {
    try {
      disk.writeFile(probePath, probeContent);
      disk.remove(probePath);
      return true;
    } catch (error) {
      if (isDiskFailure(ofDirectory(error))) return false;
      throw error;
    }
  };
  /** A node's directory holds something as long as it is there. Without it the system says of each file that there is none: that is no bug. */
  const isGone = (): boolean => disk.list(directory).length === 0;
  const ofDirectory = (error: unknown): unknown => (isNoSuchFile(error) && isGone() ? goneWith(error) : error);
  const noted = (error: unknown): unknown => {
    const failure = ofDirectory(error);
    failed(failure);
    return failure;
  };
  const noting = <Result>(work: () => Result): Result => {
    try {
      return work();
    } catch (error) {
      throw noted(error);
    }
  };
  /** Not one with its parents where the node's own is gone: half of it would be there again. */
  const makeDirectory = (path: string): void => {
    if (isOffline && isGone()) throw goneWith(new Error(`there is nothing to make ${path} in`));
    disk.makeDirectory(path);
  };
  const openNoted = (path: string): DiskFile => {
    const file = disk.open(path);
    return {
      ...file,
      append: (chunks) => noting(() => file.append(chunks)),
      sync: () =>
        file.sync().catch((error: unknown) => {
          throw noted(error);
        }),
    };
  };

  return {
    disk: {
      ...disk,
      open: openNoted,
      makeDirectory: (path) => noting(() => makeDirectory(path)),
      rename: (from, to) => noting(() => disk.rename(from, to)),
      writeFile: (path, content, options) => noting(() => disk.writeFile(path, content, options)),
      volume: (path) => noting(() => disk.volume(path)),
    },
    isOffline: () => isOffline,
    close: () => cancelProbe(),
  };
}

const isNoSuchFile = (error: unknown): error is Error => error instanceof Error && 'code' in error && error.code === 'ENOENT';
/** As the system says it of a disk that was pulled out. */
const goneWith = (cause: Error): Error => Object.assign(new Error(`the directory is gone: ${cause.message}`, { cause }), { code: 'EIO' });
