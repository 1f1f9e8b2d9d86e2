import { type Dirent, lstatSync, mkdirSync, mkdtempSync, promises, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cancel, DiskLockedError, type Environment } from '../environment/environment.js';
import { diskFailure, systemCode } from './disk-failure.js';

const PREFIX = 'kafka-ts-ephemeral-';
const LOCK_SUFFIX = '.lock';

export interface EphemeralDirectory {
  readonly path: string;
  /** With all that is in it. */
  readonly remove: () => void;
}

/**
 * A directory in the system's temporary one, for its owner alone. Its lock stands beside it and is taken first, so that at no time
 * does it look like one whose owner is dead.
 */
export function createEphemeralDirectory({ disk, random }: Environment, parent = tmpdir()): EphemeralDirectory {
  const path = join(parent, `${PREFIX}${Buffer.from(random.bytes(9)).toString('base64url')}`);
  try {
    const unlock = disk.lock(lockOf(path));
    mkdirSync(path, { mode: 0o700 });
    return { path, remove: () => removeBoth(path, unlock) };
  } catch (error) {
    throw diskFailure(error, 'make the directory', path);
  }
}

export interface Clearing {
  /** Resolves when all is gone that can be removed, or it was called off. */
  readonly done: Promise<void>;
  /** What is left then is for the next start. Gives `done`. */
  readonly callOff: () => Promise<void>;
}

/**
 * Removes what clusters left that were killed, file by file beside all other work, as it may be ten thousands of directories. Another
 * user's, and what cannot be removed, stays.
 */
export function clearAbandonedDirectories({ disk, log }: Environment, parent = tmpdir()): Clearing {
  let isCalledOff = false;
  const attempt = async (path: string, task: () => Promise<void>): Promise<void> => {
    try {
      await task();
    } catch (error) {
      if (error instanceof DiskLockedError) return;
      if (systemCode(error) === undefined) throw error;
      log('warn', `cannot clear ${path} of what killed clusters left: ${(error as Error).message}`);
    }
  };
  const done = attempt(parent, async () => {
    const paths = ephemeralPaths(parent);
    const ownUid = paths.size === 0 ? null : findOwnUid(parent);
    for (const path of paths) {
      if (isCalledOff) return;
      await attempt(path, async () => {
        if (!isOf(ownUid, path) || !isOf(ownUid, lockOf(path))) return;
        const unlock = disk.lock(lockOf(path));
        try {
          await removeFileByFile(path, () => isCalledOff);
        } finally {
          unlock();
        }
        if (isCalledOff) return;
        removeLock(path);
        log('info', `removed ${path}, which a killed cluster had left`);
      });
    }
  });
  // Whoever calls it off hears of a failure.
  done.catch(() => {});
  return {
    done,
    callOff: () => {
      isCalledOff = true;
      return done;
    },
  };
}

/** Nothing where it is gone. */
async function removeFileByFile(directory: string, isCalledOff: () => boolean): Promise<void> {
  let entries: readonly Dirent[];
  try {
    entries = await promises.readdir(directory, { withFileTypes: true });
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return;
    throw error;
  }
  for (const entry of entries) {
    if (isCalledOff()) return;
    const path = join(directory, entry.name);
    if (entry.isDirectory()) await removeFileByFile(path, isCalledOff);
    else await promises.unlink(path);
  }
  if (!isCalledOff()) await promises.rmdir(directory);
}

/** Where either the directory or its lock is still there. */
function ephemeralPaths(parent: string): ReadonlySet<string> {
  const names = readdirSync(parent).filter((name) => name.startsWith(PREFIX));
  return new Set(names.map((name) => join(parent, name.endsWith(LOCK_SUFFIX) ? name.slice(0, -LOCK_SUFFIX.length) : name)));
}

const lockOf = (path: string): string => `${path}${LOCK_SUFFIX}`;

/** As whom we make files. (`userInfo` of node:os throws where the user has no name, as in many containers.) */
function findOwnUid(parent: string): number {
  const probe = mkdtempSync(join(parent, 'kafka-ts-probe-'));
  try {
    return lstatSync(probe).uid;
  } finally {
    rmdirSync(probe);
  }
}

/** Absent counts too: only one of the two may be there. */
function isOf(uid: number | null, path: string): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat === undefined || (!stat.isSymbolicLink() && stat.uid === uid);
}

function removeBoth(path: string, unlock: Cancel): void {
  rmSync(path, { recursive: true, force: true });
  unlock();
  removeLock(path);
}

/** Where a start that clears up takes the lock at this moment, it finds nothing to clear and removes the lock itself. */
function removeLock(path: string): void {
  try {
    rmSync(lockOf(path), { recursive: true, force: true });
  } catch (error) {
    if (systemCode(error) !== 'ENOTEMPTY') throw error;
  }
}
