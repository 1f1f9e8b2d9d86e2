import { linkSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Cancel, DiskLockedError } from '../environment.js';
import { makeDirectory } from './make-directory.js';
import { realRandom } from './random.js';

/**
 * An exclusive lock between live processes, without flock(2), which Node does not have.
 *
 * `path` is a directory with numbered files; who holds the highest number holds the lock. A file appears with its content, by link(2),
 * so of several processes that take the next number one succeeds. Numbers only rise: the file of a lock that was released stays, marked
 * as released, or else one who still believes in an older number could take a lower one than a newcomer holds. Whoever took a number
 * looks once more and gives way to a higher one, since lower files are removed by the holder.
 *
 * A holder is dead when its process is, or when its process id now belongs to a process that was started at another time.
 */
interface Holder {
  readonly pid: number;
  /** Of the process: differs where the system gave the process id to another. Null where the system does not tell. */
  readonly startedAt: string | null;
  /** Tells this lock from any other: in a directory that was removed and made again, numbers begin anew. */
  readonly nonce: string;
  readonly isReleased: boolean;
}

/** Throws DiskLockedError where a live process, this one too, holds the lock. Returns what releases it. */
export function lockForProcess(path: string): Cancel {
  const nonce = Buffer.from(realRandom.bytes(6)).toString('hex');
  const self: Holder = { pid: process.pid, startedAt: startTimeOf(process.pid), nonce, isReleased: false };
  const temporary = join(path, `${process.pid}.${nonce}.tmp`);
  for (;;) {
    makeDirectory(path);
    const highest = highestNumber(path);
    if (highest > 0) refuseIfHeld(path, highest);
    const number = highest + 1;
    try {
      writeFileSync(temporary, JSON.stringify(self), { mode: 0o600 });
      linkSync(temporary, join(path, String(number)));
    } catch (error) {
      // Another was faster, or has removed the directory: see who.
      if (!hasCode(error, 'EEXIST') && !hasCode(error, 'ENOENT')) throw error;
      continue;
    } finally {
      rmSync(temporary, { force: true });
    }
    if (highestNumber(path) > number) {
      rmSync(join(path, String(number)), { force: true });
      continue;
    }
    removeBelow(path, number);
    return once(() => release(join(path, String(number)), temporary, { ...self, isReleased: true }));
  }
}

/** Of locks that were released while their directory was away: it may come back, with a file that does not say so. */
const releasedUnseen = new Set<string>();

function release(path: string, temporary: string, holder: Holder): void {
  if (readHolder(path)?.nonce !== holder.nonce) {
    releasedUnseen.add(holder.nonce);
    return;
  }
  try {
    writeFileSync(temporary, JSON.stringify(holder), { mode: 0o600 });
    renameSync(temporary, path);
  } catch (error) {
    // The directory may be removed at any time, with all that is in it.
    if (hasCode(error, 'ENOENT')) {
      releasedUnseen.add(holder.nonce);
      return;
    }
    // A full disk has no place for the mark; an empty file holds no lock either, and cutting it takes none.
    rmSync(temporary, { force: true });
    truncateSync(path);
  }
}

function refuseIfHeld(path: string, number: number): void {
  const holder = readHolder(join(path, String(number)));
  // Where it is gone a higher one has come, which the next look finds.
  if (holder === null || holder.isReleased || releasedUnseen.has(holder.nonce)) return;
  const startedAt = startTimeOf(holder.pid);
  const isAlive = isProcessAlive(holder.pid) && (startedAt === null || holder.startedAt === null || startedAt === holder.startedAt);
  if (isAlive) throw new DiskLockedError(`${path} is locked by process ${holder.pid}${holder.pid === process.pid ? ' (this one)' : ''}`);
}

/**
 * A file that is garbled lost its content with the power, and an empty one was released on a full disk: what a live holder wrote was
 * whole before it was there.
 */
function readHolder(path: string): Holder | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder;
  } catch (error) {
    if (hasCode(error, 'ENOENT') || error instanceof SyntaxError) return null;
    throw error;
  }
}

function highestNumber(path: string): number {
  const names = namesIn(path).filter((name) => /^\d+$/.test(name));
  return Math.max(0, ...names.map(Number));
}

/** None where the directory is gone. */
function namesIn(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}

/** What dead holders left, temporary files included: those of a live process come and go within one call, under its own name. */
function removeBelow(path: string, number: number): void {
  for (const name of namesIn(path)) {
    const owner = /^(\d+)\.[0-9a-f]+\.tmp$/.exec(name)?.[1];
    const isStale = owner === undefined ? /^\d+$/.test(name) && Number(name) < number : !isProcessAlive(Number(owner));
    if (isStale) rmSync(join(path, name), { force: true });
  }
}

function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

/** Tells two processes with one id apart, over a restart of the machine too. Null where the process or its time is not known. */
function startTimeOf(pid: number): string | null {
  try {
    if (process.platform === 'linux') {
      const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // The second field is the command in parentheses, which may hold anything; starttime is the 22nd.
      const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return state === 'Z' || state === 'X' ? 'ended' : `${boot} ${rest[18]}`;
    }
    // Not imported: it takes longer to load than a whole command that locks nothing takes to start.
    const { execFileSync } = process.getBuiltinModule('node:child_process');
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return null; // no such process, or a system that does not tell: then the process id alone decides
  }
}

function once(task: () => void): Cancel {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    task();
  };
}

const hasCode = (error: unknown, code: string): boolean => (error as NodeJS.ErrnoException).code === code;
