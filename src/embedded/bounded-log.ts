import { appendFileSync, closeSync, copyFileSync, fstatSync, openSync, readSync, truncateSync } from 'node:fs';
import type { LogLevel } from '../environment/environment.js';
import { systemCode } from './disk-failure.js';

/** Half of what the log may take: what is in the file moves to `<path>.1`, over what was there, when it has grown to this. */
const MAX_LOG_FILE_BYTES = 4 * 1024 * 1024;

export interface BoundedLog {
  readonly write: (level: LogLevel, message: string) => void;
}

/**
 * One line per call: time, level, message. The file stays the same one, as what a process says itself (a crash, a warning of Node) goes to
 * its end through a descriptor of it. Where the disk refuses, the cluster goes on without a log, and the next line that can be written says
 * how many are missing.
 */
export function openBoundedLog(path: string, now: () => number, maxFileBytes = MAX_LOG_FILE_BYTES): BoundedLog {
  let missing = 0;
  const append = (line: string): void => {
    const bytes = Buffer.from(line);
    const sizeBytes = sizeOf(path);
    if (sizeBytes > 0 && sizeBytes + bytes.length > maxFileBytes) {
      copyFileSync(path, `${path}.1`);
      truncateSync(path);
    }
    appendFileSync(path, bytes, { mode: 0o600 });
  };
  const format = (level: LogLevel, message: string): string =>
    `${new Date(now()).toISOString()} ${level} ${message.replaceAll('\n', '\n  ')}\n`;
  return {
    write: (level, message) => {
      try {
        if (missing > 0) append(format('warn', `${missing} lines are missing here: they could not be written`));
        missing = 0;
        append(format(level, message));
      } catch (error) {
        if (systemCode(error) === undefined) throw error;
        missing += 1;
      }
    },
  };
}

/** The last lines of the newest file, at most `maxLines` of them and 8 KiB; [] where there is no log. */
export function lastLogLines(path: string, maxLines: number): readonly string[] {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return [];
  }
  try {
    const { size } = fstatSync(descriptor);
    const bytes = Buffer.alloc(Math.min(size, 8 * 1024));
    readSync(descriptor, bytes, 0, bytes.length, size - bytes.length);
    const lines = bytes.toString('utf8').trimEnd().split('\n');
    return lines
      .slice(bytes.length < size ? 1 : 0)
      .slice(-maxLines)
      .filter((line) => line !== '');
  } finally {
    closeSync(descriptor);
  }
}

const sizeOf = (path: string): number => {
  const descriptor = openSync(path, 'a', 0o600);
  try {
    return fstatSync(descriptor).size;
  } finally {
    closeSync(descriptor);
  }
};
