import type { Random } from '../environment/environment.js';

const FIRST_MS = 100;
const LONGEST_MS = 1000;
const JITTER = 0.2;

/** How long to wait before the retry of that number, from 0: exponential with jitter, at Kafka's defaults for clients (KIP-580). */
export function backoffMs(retry: number, random: Random): number {
  const delayMs = Math.min(LONGEST_MS, FIRST_MS * 2 ** retry);
  return delayMs * (1 - JITTER + 2 * JITTER * random.uniform());
}
