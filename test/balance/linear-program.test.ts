import { createRequire } from 'node:module';
import fc from 'fast-check';
import type { Highs } from 'highs';
import { beforeAll, expect, it } from 'vitest';
import { balanceLeaders } from '../../src/balance/balance-leaders.js';
import type { Cluster } from '../../src/balance/cluster.js';
import { verifyCertificate } from '../../src/balance/verify-certificate.js';
import { arbitraryCluster } from './clusters.js';

// Its types describe a CommonJS module, so it is loaded as one.
const loadHighs: () => Promise<Highs> = createRequire(import.meta.url)('highs');
let highs: Highs;
beforeAll(async () => {
  highs = await loadHighs();
});

/**
 * The least sum of squares and, among its plans, the fewest moves, weighted so that both can be read from one number. The k-th leader of a
 * broker costs 2k - 1. It is a minimum cost flow, so the linear program has an optimum in whole numbers.
 */
function leastCost({ brokers, partitions }: Cluster): number {
  const scale = partitions.length + 1;
  const costs: string[] = [];
  const rows: string[] = [];
  const bounds: string[] = [];
  const leadersOf = new Map<number, string[]>(brokers.map(({ id }) => [id, []]));
  partitions.forEach(({ isr, leader }, p) => {
    for (const id of isr) {
      if (id !== leader) costs.push(`1 x${p}_${id}`);
      leadersOf.get(id)!.push(`x${p}_${id}`);
      bounds.push(`0 <= x${p}_${id} <= 1`);
    }
    rows.push(`${isr.map((id) => `x${p}_${id}`).join(' + ')} = 1`);
  });
  for (const [id, leaders] of leadersOf) {
    if (leaders.length === 0) continue;
    const steps = leaders.map((_, k) => `z${id}_${k}`);
    steps.forEach((step, k) => {
      costs.push(`${scale * (2 * k + 1)} ${step}`);
      bounds.push(`0 <= ${step} <= 1`);
    });
    rows.push(`${leaders.join(' + ')} - ${steps.join(' - ')} = 0`);
  }
  const program = `Minimize\n obj: ${costs.join(' + ')}\nSubject To\n${rows.map((row, i) => ` c${i}: ${row}`).join('\n')}\nBounds\n${bounds.map((bound) => ` ${bound}`).join('\n')}\nEnd\n`;
  const solution = highs.solve(program);
  expect(solution.Status).toBe('Optimal');
  return Math.round(solution.ObjectiveValue);
}

/** BALANCE_RUNS=1000 tries that many clusters instead of 60. */
const numRuns = Number(process.env.BALANCE_RUNS ?? 60);

it('agrees with a linear program on loads and moves', () => {
  fc.assert(
    fc.property(arbitraryCluster({ maxBrokers: 12, maxPartitions: 120, trouble: false }), (cluster) => {
      fc.pre(cluster.partitions.length > 0);
      const plan = balanceLeaders(cluster);
      expect((cluster.partitions.length + 1) * plan.after.sumOfSquares + plan.moves.length).toBe(leastCost(cluster));
      expect(verifyCertificate(cluster, plan).problems).toEqual([]);
    }),
    { numRuns, endOnFailure: true },
  );
}, 600_000);
