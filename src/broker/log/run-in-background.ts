import type { Disk } from '../../environment/environment.js';

/** The end of each disk's line. */
const lines = new WeakMap<Disk, Promise<void>>();

/**
 * Does work on a disk once what came before it here is done: what nobody waits for (syncing what is sealed, removing what is deleted) goes
 * to the disk one by one, so that it doesn't hold up those who do wait, such as the metadata log. An error goes to `onError`.
 */
export function runInBackground(disk: Disk, work: () => Promise<void>, onError: (error: unknown) => void): void {
  lines.set(disk, (lines.get(disk) ?? Promise.resolve()).then(work).catch(onError));
}
