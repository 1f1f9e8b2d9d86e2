import type { Clock } from '../../environment/environment.js';

/** How long such work may hold the loop. */
const sliceMs = 10;

/** Does something to each of many, one after the other, and lets requests be served in between. Rejects with the first error. */
export async function forEachInSlices<Item>(clock: Clock, items: Iterable<Item>, work: (item: Item) => void): Promise<void> {
  let beganMs = clock.monotonicMs();
  for (const item of items) {
    work(item);
    if (clock.monotonicMs() - beganMs < sliceMs) continue;
    await new Promise<void>((resolve) => clock.after(0, resolve));
    beganMs = clock.monotonicMs();
  }
}
