import type { Random } from '../environment.js';
import type { Scheduler } from './scheduler.js';

export interface Latency {
  readonly minMs: number;
  readonly maxMs: number;
}

/** One direction between two hosts. What it carries is late, but as in TCP never lost: a cut holds it back until it heals. */
export interface Link {
  readonly drawLatencyMs: () => number;
  /** Runs `arrive` at the other side after `delayMs`, or after a latency once the link has healed. */
  readonly carry: (delayMs: number, arrive: () => void) => void;
  readonly setLatency: (latency: Latency) => void;
  readonly cut: () => void;
  readonly heal: () => void;
}

export function createLink(scheduler: Scheduler, random: Random, latency: Latency): Link {
  let { minMs, maxMs } = latency;
  let isCut = false;
  const held: (() => void)[] = [];
  const drawLatencyMs = () => minMs + random.uniform() * (maxMs - minMs);
  const carry = (delayMs: number, arrive: () => void): void => {
    scheduler.after(delayMs, () => (isCut ? held.push(arrive) : arrive()));
  };
  return {
    drawLatencyMs,
    carry,
    setLatency: (given) => {
      ({ minMs, maxMs } = given);
    },
    cut: () => {
      isCut = true;
    },
    heal: () => {
      isCut = false;
      for (const arrive of held.splice(0)) carry(drawLatencyMs(), arrive);
    },
  };
}
