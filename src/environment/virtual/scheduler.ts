import type { Cancel } from '../environment.js';

/**
 * Virtual time: one queue of events, the earliest first and, at the same time, in the order in which they were asked for.
 * Between two events all promises that can go on do so, so that what a run does depends on nothing but the events.
 */
export interface Scheduler {
  /** Milliseconds since the world began, with fractions. */
  readonly nowMs: () => number;
  readonly after: (delayMs: number, task: () => void) => Cancel;
  /** Runs `task` once the promises of the event that runs now are idle, before the next event. The last one that asks is heard. */
  readonly afterEvent: (task: () => void) => void;
  /** Events that are still to come, those that were cancelled and have not come up among them. */
  readonly pendingEvents: () => number;
  /** Runs all that happens up to `timeMs` and leaves the clock there. Rejects with what a task threw. */
  readonly run: (timeMs: number) => Promise<void>;
  /**
   * Runs until `condition` holds, looked at after each event. Rejects when nothing more will happen or `limitMs` of virtual time have
   * passed.
   */
  readonly runUntil: (condition: () => boolean, limitMs?: number) => Promise<void>;
}

/**
 * Time goes on in these steps. A power of two, so that sums and differences of times are exact: who waits for what is left until a deadline
 * finds it passed, and not a rounding error short of it.
 */
const TICKS_PER_MS = 1024;

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
  let afterwards: (() => void) | undefined;

  /** The promises of the event before are idle. */
  const concludeEvent = (): void => {
    const task = afterwards;
    if (task === undefined) return;
    afterwards = undefined;
    task();
  };
  const peek = (): Event | undefined => {
    let event = queue.peek();
    for (; event !== undefined && event.task === undefined; event = queue.peek()) queue.pop();
    return event;
  };
  const runNext = (event: Event): void => {
    queue.pop();
    nowMs = event.timeMs;
    event.task?.();
  };

  return {
    nowMs: () => nowMs,
    after: (delayMs, task) => {
      const ticks = Math.ceil(Math.max(0, delayMs) * TICKS_PER_MS);
      const event: Event = { timeMs: nowMs + ticks / TICKS_PER_MS, sequence: sequence++, task };
      queue.push(event);
      return () => {
        event.task = undefined;
      };
    },
    afterEvent: (task) => {
      afterwards = task;
    },
    pendingEvents: () => queue.size(),
    run: async (timeMs) => {
      await repeat(() => {
        concludeEvent();
        const event = peek();
        if (event === undefined || event.timeMs > timeMs) return false;
        runNext(event);
        return true;
      });
      nowMs = Math.max(nowMs, timeMs);
    },
    runUntil: (condition, limitMs = 60_000) => {
      const endMs = nowMs + limitMs;
      return repeat(() => {
        concludeEvent();
        if (condition()) return false;
        const event = peek();
        if (event === undefined) throw new Error(`at ${nowMs} ms nothing more will happen, and the condition does not hold`);
        if (event.timeMs > endMs) throw new Error(`the condition does not hold after ${limitMs} ms of virtual time`);
        runNext(event);
        return true;
      });
    },
  };
}

/**
 * Steps asked for in one turn of Node's loop: it settles all promises between two of them, and a turn for each would cost six times as
 * much.
 */
const STEPS_PER_TURN = 64;

/** Runs `step` until it gives false, each time after all promises that can go on have done so. Rejects with what it throws. */
function repeat(step: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    let asked = 0;
    let isOver = false;
    const take = (): void => {
      if (isOver) return;
      try {
        isOver = !step();
      } catch (error) {
        isOver = true;
        reject(error);
      }
      if (isOver) resolve();
      else if (--asked === 0) ask();
    };
    const ask = (): void => {
      asked = STEPS_PER_TURN;
      for (let index = 0; index < STEPS_PER_TURN; index++) setImmediate(take);
    };
    ask();
  });
}

/** A binary heap. */
function createEventQueue() {
  const heap: Event[] = [];
  const precedes = (a: Event, b: Event): boolean => a.timeMs < b.timeMs || (a.timeMs === b.timeMs && a.sequence < b.sequence);
  return {
    size: (): number => heap.length,
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
