import { parentPort } from 'node:worker_threads';
import type { Counters } from './counters.js';
import { invariants } from './invariants.js';
import { type SimulationOptions, simulate } from './simulate.js';

/** What a worker tells of a seed. */
export interface SeedReport {
  readonly seed: number;
  readonly brokers: number;
  readonly hash: string;
  readonly counters: Counters;
  readonly virtualMs: number;
  readonly failure: { readonly name: string; readonly message: string; readonly isInvariant: boolean } | null;
}

/** Runs the seeds that it is sent, one at a time. */
parentPort?.on('message', async ({ seed, options }: { readonly seed: number; readonly options: SimulationOptions }) => {
  const { brokers, hash, counters, virtualMs, failure } = await simulate(seed, options);
  const report: SeedReport = {
    ...{ seed, brokers, hash, counters, virtualMs },
    failure: failure && { name: failure.name, message: failure.message, isInvariant: Object.hasOwn(invariants, failure.name) },
  };
  parentPort?.postMessage(report);
});
