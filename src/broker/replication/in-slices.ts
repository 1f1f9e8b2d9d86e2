import type { Clock } from '../../environment/environment.js';

/** How long such work may hold the loop: there may be some of it at once, of each node of a process and of each of its peers. */
const sliceMs = 4;

/** Whether such work, which begins now, has held the loop for long enough. */
export function beginSlice({ monotonicMs }: Pick<Clock, 'monotonicMs'>): () => boolean {
  const endMs = monotonicMs() + sliceMs;
  return () => monotonicMs() >= endMs;
}

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
  let isOver = beginSlice(clock);
  for (const item of items) {
    const working = work(item);
    if (working instanceof Promise) await working;
    if (!isOver()) continue;
    await breathe(clock);
    isOver = beginSlice(clock);
  }
}
