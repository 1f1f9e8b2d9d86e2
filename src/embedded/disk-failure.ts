import { MachineError } from '../model/errors.js';

const home = 'set KAFKA_TS_HOME to a directory that you may write to';
const advice: Readonly<Record<string, readonly [what: string, hint: string]>> = {
  EACCES: ['no permission', home],
  EPERM: ['no permission', home],
  EROFS: ['the file system is read-only', home],
  ENOTDIR: ['a part of the path is a file', home],
  EEXIST: ['a part of the path is a file', home],
  ENOSPC: ['no space left on the disk', 'free some, or set KAFKA_TS_HOME to a directory on another disk'],
  EDQUOT: ['the disk quota is used up', 'free some, or set KAFKA_TS_HOME to a directory on another disk'],
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
