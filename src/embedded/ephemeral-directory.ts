import { lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
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
    const unlock = disk.lock(`${path}${LOCK_SUFFIX}`);
    mkdirSync(path, { mode: 0o700 });
    return { path, remove: () => removeBoth(path, unlock) };
  } catch (error) {
    throw diskFailure(error, 'make the directory', path);
  }
}

/** Removes what clusters left that were killed. Another user's, and what cannot be removed, stays. */
export function clearAbandonedDirectories({ disk, log }: Environment, parent = tmpdir()): void {
  const names = new Set(
    readdirSync(parent)
      .filter((name) => name.startsWith(PREFIX))
      .map((name) => (name.endsWith(LOCK_SUFFIX) ? name.slice(0, -LOCK_SUFFIX.length) : name)),
  );
  for (const name of names) {
    const path = join(parent, name);
    try {
      if (!isOurs(path) || !isOurs(`${path}${LOCK_SUFFIX}`)) continue;
      removeBoth(path, disk.lock(`${path}${LOCK_SUFFIX}`));
      log('info', `removed ${path}, which a killed cluster had left`);
    } catch (error) {
      if (error instanceof DiskLockedError) continue;
      if (systemCode(error) === undefined) throw error;
      log('warn', `cannot remove ${path}: ${(error as Error).message}`);
    }
  }
}

/** Absent counts as ours: only one of the two may be there. */
function isOurs(path: string): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat === undefined || (!stat.isSymbolicLink() && stat.uid === userInfo().uid);
}

function removeBoth(path: string, unlock: Cancel): void {
  rmSync(path, { recursive: true, force: true });
  unlock();
  rmSync(`${path}${LOCK_SUFFIX}`, { recursive: true, force: true });
}
