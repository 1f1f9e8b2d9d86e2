import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bundleSimulation } from './bundle.js';
import { applyPatch, parsePatch } from './faults/patch.js';
import { plantedFaults } from './faults/planted-faults.js';
import { invariants } from './invariants.js';
import type { simulate } from './simulate.js';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');
const faults = plantedFaults(join(here, 'faults'));
/** Tried after the recorded ones: a change of the source changes what a seed does, and most faults show in every few of them. */
const OTHER_SEEDS = Array.from({ length: 20 }, (_, index) => index + 1);

describe('the test of the simulation', () => {
  it('has faults enough, each with seeds that catch it', () => {
    expect(faults.length).toBeGreaterThanOrEqual(12);
    expect(faults.filter(({ recorded }) => recorded === undefined || !Object.hasOwn(invariants, recorded.invariant))).toEqual([]);
    expect(readdirSync(join(here, 'faults')).filter((name) => !/\.(patch|ts)$|^recorded\.json$/.test(name))).toEqual([]);
  });

  it.each(faults.map((fault) => [fault.patch.name, fault] as const))('catches who would %s', { timeout: 120_000 }, async (_name, fault) => {
    const { patch, recorded } = fault;
    const bundle = await bundleSimulation(root, 'simulate', patch);
    try {
      const { simulate: run } = (await import(/* @vite-ignore */ bundle.path)) as { readonly simulate: typeof simulate };
      const found: string[] = [];
      let last: Error | null = null;
      for (const seed of new Set([...(recorded?.seeds ?? []), ...OTHER_SEEDS])) {
        const { failure } = await run(seed);
        found.push(`seed ${seed}: ${failure?.name ?? 'all held'}`);
        last = failure;
        if (failure?.name === recorded?.invariant) break;
      }
      expect((last as Error | null)?.name, `${found.join(', ')}; find new seeds with npm run simulate -- --search`).toBe(
        recorded?.invariant,
      );
    } finally {
      await bundle.remove();
    }
  });
});

describe('a patch', () => {
  const patch = parsePatch('name', 'What it does.\n\n--- a/src/file.ts\n+++ b/src/file.ts\n@@ @@\n before\n-old\n+new\n');

  it('applies wherever its lines are', () => {
    expect(patch.file).toBe('src/file.ts');
    expect(applyPatch(patch, 'first\nbefore\nold\nlast')).toBe('first\nbefore\nnew\nlast');
  });

  it('says when its lines are gone, or no longer the only ones', () => {
    expect(() => applyPatch(patch, 'other')).toThrow(
      'the fault name does not apply: these lines are no longer in src/file.ts; write the patch anew',
    );
    expect(() => applyPatch(patch, 'before\nold\nbefore\nold')).toThrow('are more than once in src/file.ts');
  });
});
