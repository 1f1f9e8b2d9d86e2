import type { Clock } from '../../environment/environment.js';

/** How long such work may hold the loop. */
const sliceMs = 10;

/** Lets requests be served between two pieces of work that are long enough together. */
export const breathe = (clock: Clock): Promise<void> => new Promise((resolve) => clock.after(0, resolve));

/**
 * Does something to each of many, one after the other, and lets requests be served in between. What `work` promises is awaited. Rejects
 * with the first error.
 */
export async function forEachInSlices<Item>(
  clock: Clock,
  items: Iterable<Item>,
  work: (item: Item) => void | Promise<void>,
): Promise<void> {
  let beganMs = clock.monotonicMs();
  for (const item of items) {
    const working = work(item);
    if (working instanceof Promise) await working;
    if (clock.monotonicMs() - beganMs < sliceMs) continue;
    await breathe(clock);
    beganMs = clock.monotonicMs();
  }
}
