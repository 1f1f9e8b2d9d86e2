import { MachineError } from '../model/errors.js';

const elsewhere = 'choose a directory that you may write to, with KAFKA_TS_HOME or --data-dir';
const otherDisk = 'free some, or choose a directory on another disk, with KAFKA_TS_HOME or --data-dir';
const advice: Readonly<Record<string, readonly [what: string, hint: string]>> = {
  EACCES: ['no permission', elsewhere],
  EPERM: ['no permission', elsewhere],
  EROFS: ['the file system is read-only', elsewhere],
  ENOTDIR: ['a part of the path is a file', elsewhere],
  ENOENT: ['there is no such place', elsewhere],
  EEXIST: ['a part of the path is a file', elsewhere],
  ENOSPC: ['no space left on the disk', otherDisk],
  EDQUOT: ['the disk quota is used up', otherDisk],
  EMFILE: ['too many open files', 'raise the limit (ulimit -n)'],
};

/**
 * What a failed system call on `path` means to the person at the keyboard. Errors that are not of the system are given back as they
 * are: they are bugs.
 */
export function diskFailure(error: unknown, doing: string, path: string): unknown {
  const code = systemCode(error);
  if (code === undefined) return error;
  const [what, hint] = advice[code] ?? [(error as Error).message, undefined];
  return new MachineError(`cannot ${doing} ${path}: ${what}`, hint, { cause: error });
}

/** ENOENT and the like; undefined where the error isn't the system's. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) return undefined;
  // Node's own errors are ERR_ and something.
  return /^E[A-Z0-9]+$/.test(error.code) ? error.code : undefined;
}
