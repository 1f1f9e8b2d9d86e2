import type { Cancel } from '../environment.js';

/**
 * Virtual time: one queue of events, the earliest first and, at the same time, in the order in which they were asked for.
 * Between two events all promises that can go on do so (one real `setImmediate`), so that what a run does depends on nothing
 * but the events.
 */
export interface Scheduler {
  /** Milliseconds since the world began, with fractions. */
  readonly nowMs: () => number;
  readonly after: (delayMs: number, task: () => void) => Cancel;
  /** Runs all that happens up to `timeMs` and leaves the clock there. Rejects with what a task threw. */
  readonly run: (timeMs: number) => Promise<void>;
  /** Runs until `condition` holds, looked at after each event. Rejects when nothing more will happen or `limitMs` of virtual time have passed. */
  readonly runUntil: (condition: () => boolean, limitMs?: number) => Promise<void>;
}

interface Event {
  readonly timeMs: number;
  readonly sequence: number;
  /** Undefined when cancelled. */
  task: (() => void) | undefined;
}

export function createScheduler(): Scheduler {
  const queue = createEventQueue();
  let nowMs = 0;
  let sequence = 0;

  const runNext = async (event: Event): Promise<void> => {
    queue.pop();
    if (event.task === undefined) return;
    nowMs = event.timeMs;
    event.task();
    await promisesAreIdle();
  };

  return {
    nowMs: () => nowMs,
    after: (delayMs, task) => {
      const event: Event = { timeMs: nowMs + Math.max(0, delayMs), sequence: sequence++, task };
      queue.push(event);
      return () => {
        event.task = undefined;
      };
    },
    run: async (timeMs) => {
      await promisesAreIdle();
      for (let event = queue.peek(); event !== undefined && event.timeMs <= timeMs; event = queue.peek()) await runNext(event);
      nowMs = Math.max(nowMs, timeMs);
    },
    runUntil: async (condition, limitMs = 60_000) => {
      const endMs = nowMs + limitMs;
      await promisesAreIdle();
      while (!condition()) {
        const event = queue.peek();
        if (event === undefined) throw new Error(`at ${nowMs} ms nothing more will happen, and the condition does not hold`);
        if (event.timeMs > endMs) throw new Error(`the condition does not hold after ${limitMs} ms of virtual time`);
        await runNext(event);
      }
    },
  };
}

const promisesAreIdle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A binary heap. */
function createEventQueue() {
  const heap: Event[] = [];
  const precedes = (a: Event, b: Event): boolean => a.timeMs < b.timeMs || (a.timeMs === b.timeMs && a.sequence < b.sequence);
  return {
    peek: (): Event | undefined => heap[0],
    push: (event: Event): void => {
      let index = heap.length;
      while (index > 0) {
        const parentIndex = (index - 1) >> 1;
        const parent = heap[parentIndex]!;
        if (precedes(parent, event)) break;
        heap[index] = parent;
        index = parentIndex;
      }
      heap[index] = event;
    },
    pop: (): void => {
      const last = heap.pop();
      if (last === undefined || heap.length === 0) return;
      let index = 0;
      for (;;) {
        let childIndex = 2 * index + 1;
        if (childIndex >= heap.length) break;
        if (childIndex + 1 < heap.length && precedes(heap[childIndex + 1]!, heap[childIndex]!)) childIndex++;
        const child = heap[childIndex]!;
        if (precedes(last, child)) break;
        heap[index] = child;
        index = childIndex;
      }
      heap[index] = last;
    },
  };
}
