import type { Random } from '../environment.js';
import type { Link } from './link.js';
import type { Scheduler } from './scheduler.js';

/** What one side sends: bytes, then once how it ended. */
export type Segment = Uint8Array | 'end' | 'reset';

/** One direction of a connection: in order, over a link that delays and may be cut. */
export interface Pipe {
  readonly send: (segment: Segment) => void;
  /** Bytes that were sent and have not been taken at the other side. */
  readonly pendingBytes: () => number;
  /** Of what is still on its way a part that the seed decides, from the newest on, never arrives. */
  readonly loseTail: () => void;
  /** Nothing of what is on its way arrives but a reset. */
  readonly reset: () => void;
  /** The other side takes from now on, or no longer. */
  readonly setTaking: (taking: boolean) => void;
}

export function createPipe(scheduler: Scheduler, random: Random, link: Link, take: (segment: Segment) => void): Pipe {
  const queue: { readonly segment: Segment; readonly dueMs: number }[] = [];
  let pendingBytes = 0;
  let lastDueMs = 0;
  let taking = false;
  let moving = false;

  const move = (): void => {
    const head = queue[0];
    if (head === undefined || moving || !taking) return;
    moving = true;
    link.carry(head.dueMs - scheduler.nowMs(), () => {
      moving = false;
      const arrived = taking ? queue.shift() : undefined;
      if (arrived === undefined) return;
      pendingBytes -= sizeOf(arrived.segment);
      take(arrived.segment);
      move();
    });
  };
  const enqueue = (segment: Segment): void => {
    lastDueMs = Math.max(lastDueMs, scheduler.nowMs() + link.drawLatencyMs());
    queue.push({ segment, dueMs: lastDueMs });
    pendingBytes += sizeOf(segment);
  };

  return {
    send: (segment) => {
      // TCP knows no messages: now and then a write arrives in two parts.
      if (sizeOf(segment) > 1 && random.uniform() < 1 / 16) {
        const at = 1 + Math.floor(random.uniform() * (sizeOf(segment) - 1));
        enqueue((segment as Uint8Array).subarray(0, at));
        enqueue((segment as Uint8Array).subarray(at));
      } else {
        enqueue(segment);
      }
      move();
    },
    pendingBytes: () => pendingBytes,
    loseTail: () => {
      const lost = queue.splice(Math.floor(random.uniform() * (queue.length + 1)));
      for (const { segment } of lost) pendingBytes -= sizeOf(segment);
    },
    reset: () => {
      queue.length = 0;
      pendingBytes = 0;
      enqueue('reset');
      move();
    },
    setTaking: (given) => {
      taking = given;
      move();
    },
  };
}

const sizeOf = (segment: Segment): number => (typeof segment === 'string' ? 0 : segment.length);
