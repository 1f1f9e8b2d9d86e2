import { statSync } from 'node:fs';
import type { Clock } from '../environment/environment.js';
import { systemCode } from './disk-failure.js';

/** Until then a broker leads whose records go nowhere. */
const INTERVAL_MS = 1_000;

/**
 * Calls `onGone` once when the directory, which is there now, no longer is, or another one is in its place. Looks as long as the clock's
 * environment lives.
 */
export function watchDataDirectory(clock: Clock, directory: string, onGone: () => void): void {
  const own = identityOf(directory);
  const look = (): void => {
    if (isStill(own, directory)) clock.after(INTERVAL_MS, look);
    else onGone();
  };
  clock.after(INTERVAL_MS, look);
}

function isStill(own: string | null, directory: string): boolean {
  try {
    return identityOf(directory) === own;
  } catch (error) {
    // Which it is cannot be told now.
    if (systemCode(error) === undefined) throw error;
    return true;
  }
}

/** By the file system, whatever its name is; null where there is none. */
function identityOf(directory: string): string | null {
  const found = statSync(directory, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? null : `${found.dev}:${found.ino}`;
}
