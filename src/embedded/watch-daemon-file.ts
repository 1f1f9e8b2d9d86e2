import type { Cancel, Clock } from '../environment/environment.js';
import { MachineError } from '../model/errors.js';
import { daemonFormat } from './daemon-file.js';
import { readStateFile } from './state-file.js';

/** Until then a cluster may write among the files of the next one. */
const INTERVAL_MS = 1_000;

/**
 * Calls `onDisowned` once when daemon.json is no longer of the process with this nonce: somebody has removed the instance's directory, and perhaps
 * another cluster has made it anew.
 */
export function watchDaemonFile(clock: Clock, path: string, nonce: string, onDisowned: () => void): Cancel {
  const look = (): void => {
    if (isOwn(path, nonce)) cancel = clock.after(INTERVAL_MS, look);
    else onDisowned();
  };
  let cancel = clock.after(INTERVAL_MS, look);
  return () => cancel();
}

function isOwn(path: string, nonce: string): boolean {
  try {
    return readStateFile(path, daemonFormat)?.nonce === nonce;
  } catch (error) {
    // Whose it is cannot be told now.
    if (error instanceof MachineError) return true;
    throw error;
  }
}
