import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bundleSimulation } from '../bundle.js';
import { plantedFaults } from '../faults/planted-faults.js';
import { balancePromises } from './row-watch.js';
import { simulateBalance } from './simulate-balance.js';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../../..');
/** `BALANCE_SEED=17 npx vitest run test/simulation/balance` runs that one alone. */
const one = process.env.BALANCE_SEED;
const seeds = one === undefined ? Array.from({ length: 30 }, (_, index) => index + 1) : [Number(one)];
const sum = { outcomes: {} as Record<string, number>, errors: {} as Record<string, number>, faults: 0, controllerChanges: 0 };

const add = (to: Record<string, number>, counts: Readonly<Record<string, number>>): void => {
  for (const [name, count] of Object.entries(counts)) to[name] = (to[name] ?? 0) + count;
};

// One sums up those before it.
describe('leader balance while the cluster fails', { shuffle: false }, () => {
  it.each(seeds)('keeps every promise, seed %i', { timeout: 120_000 }, async (seed) => {
    const { failure, trace, outcomes, errors, counters } = await simulateBalance(seed);
    if (failure !== null) {
      const again = `BALANCE_SEED=${seed} npx vitest run test/simulation/balance`;
      throw new Error(`${failure.name}: ${failure.message}\nrun it again: ${again}\n${trace().slice(-60).join('\n')}`);
    }
    add(sum.outcomes, outcomes);
    add(sum.errors, errors);
    sum.faults += counters.faults;
    sum.controllerChanges += counters.controllerChanges;
  });

  if (one === undefined)
    it('sees all that can come of it', () => {
      const { done, failed, skipped } = sum.outcomes;
      expect(Math.min(done ?? 0, failed ?? 0, skipped ?? 0), JSON.stringify(sum)).toBeGreaterThan(10);
      expect(sum.errors.DRIFTED).toBeGreaterThan(0);
      expect(sum.faults).toBeGreaterThan(seeds.length);
      expect(sum.controllerChanges).toBeGreaterThan(seeds.length);
    });

  it('does the same again for the same seed', { timeout: 120_000 }, async () => {
    const { hash } = await simulateBalance(seeds[0]!);
    expect((await simulateBalance(seeds[0]!)).hash).toBe(hash);
    expect((await simulateBalance(seeds[0]! + 1)).hash).not.toBe(hash);
  });
});

describe('the test of the simulation', () => {
  const faults = plantedFaults(join(here, 'faults'));

  it.each(faults.map((fault) => [fault.patch.name, fault] as const))('catches who would %s', { timeout: 240_000 }, async (_name, fault) => {
    const { patch, recorded } = fault;
    expect(Object.keys(balancePromises)).toContain(recorded?.invariant);
    const bundle = await bundleSimulation(root, 'balance/simulate-balance', patch);
    try {
      const built = (await import(/* @vite-ignore */ bundle.path)) as { readonly simulateBalance: typeof simulateBalance };
      const found: string[] = [];
      for (const seed of new Set([...(recorded?.seeds ?? []), ...seeds])) {
        const { failure } = await built.simulateBalance(seed);
        found.push(failure?.name ?? 'all held');
        if (failure?.name === recorded?.invariant) break;
      }
      expect(found.at(-1), `seeds from ${recorded?.seeds} on: ${found.join(', ')}`).toBe(recorded?.invariant);
    } finally {
      await bundle.remove();
    }
  });
});
