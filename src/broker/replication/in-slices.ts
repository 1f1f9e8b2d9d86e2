import type { Clock } from '../../environment/environment.js';

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
  let isOver = clock.beginSlice();
  let isFirst = true;
  for (const item of items) {
    if (!isFirst && isOver()) {
      await breathe(clock);
      isOver = clock.beginSlice();
    }
    isFirst = false;
    const working = work(item);
    if (working instanceof Promise) await working;
  }
}
