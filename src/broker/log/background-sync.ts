import type { Disk } from '../../environment/environment.js';

/** The end of each disk's line. */
const lines = new WeakMap<Disk, Promise<void>>();

/**
 * Runs `sync` once what came before it is done: what nobody waits for goes to the disk one by one, so that it doesn't hold up those who do
 * wait, such as the metadata log. An error goes to `onError`.
 */
export function syncInBackground(disk: Disk, sync: () => Promise<void>, onError: (error: unknown) => void): void {
  lines.set(disk, (lines.get(disk) ?? Promise.resolve()).then(sync).catch(onError));
}
