import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { balanceLeaders } from '../../src/balance/balance-leaders.js';
import type { Cluster } from '../../src/balance/cluster.js';
import { verifyCertificate } from '../../src/balance/verify-certificate.js';
import { arbitraryCluster, cluster, partition } from './clusters.js';

const weighted = (maxBrokers: number, maxPartitions: number): fc.Arbitrary<Cluster> =>
  arbitraryCluster({ maxBrokers, maxPartitions, trouble: false }).chain((input) =>
    fc
      .array(fc.integer({ min: 0, max: 100 }), { minLength: input.partitions.length, maxLength: input.partitions.length })
      .map((weights) => ({
        ...input,
        partitions: input.partitions.map((row, p) => ({ ...row, weight: weights[p]! })),
      })),
  );

/** The lightest heaviest broker among all plans with this sum of squares. */
function lightest({ brokers, partitions }: Cluster, sumOfSquares: number): number {
  const count = new Map(brokers.map(({ id }) => [id, 0]));
  const total = new Map(brokers.map(({ id }) => [id, 0]));
  let best = Number.POSITIVE_INFINITY;
  const choose = (p: number): void => {
    const row = partitions[p];
    if (row === undefined) {
      if ([...count.values()].reduce((sum, n) => sum + n * n, 0) === sumOfSquares) best = Math.min(best, Math.max(...total.values()));
      return;
    }
    for (const id of row.isr) {
      count.set(id, count.get(id)! + 1);
      total.set(id, total.get(id)! + row.weight!);
      choose(p + 1);
      count.set(id, count.get(id)! - 1);
      total.set(id, total.get(id)! - row.weight!);
    }
  };
  choose(0);
  return best;
}

describe('weights', () => {
  it('of small clusters are as even as can be, with the numbers of leaders least, and say so', () => {
    fc.assert(
      fc.property(weighted(4, 8), (input) => {
        const plan = balanceLeaders(input, { weights: true });
        expect(plan.after.sumOfSquares).toBe(balanceLeaders(input).after.sumOfSquares);
        expect(plan.weights!.max).toBe(lightest(input, plan.after.sumOfSquares));
        expect(plan.weights!.gap).toBeCloseTo(0, 9);
        expect(verifyCertificate(input, plan)).toEqual({ valid: true, problems: [] });
      }),
      { numRuns: 300 },
    );
  });

  it('of larger ones never claim more than is proven', () => {
    fc.assert(
      fc.property(weighted(9, 80), (input) => {
        const plan = balanceLeaders(input, { weights: true });
        const { before, max, lowerBound, gap } = plan.weights!;
        expect(max).toBeGreaterThanOrEqual(lowerBound * (1 - 1e-9));
        expect(gap).toBeCloseTo(lowerBound > 0 ? max / lowerBound - 1 : 0, 9);
        expect(before.length).toBe(input.brokers.length);
        expect(plan.after.sumOfSquares).toBe(balanceLeaders(input).after.sumOfSquares);
        expect(verifyCertificate(input, plan)).toEqual({ valid: true, problems: [] });
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it('are swapped where counts alone are even already', () => {
    const weights = [100, 100, 1, 1];
    const input = cluster(
      2,
      weights.map((weight, p) => partition('t', p, p < 2 ? [0, 1] : [1, 0], { weight })),
    );
    expect(balanceLeaders(input).moves).toEqual([]);
    const plan = balanceLeaders(input, { weights: true });
    expect(plan.weights).toMatchObject({
      max: 101,
      lowerBound: 101,
      gap: 0,
      before: [
        { broker: 0, weight: 200 },
        { broker: 1, weight: 2 },
      ],
    });
    expect(plan.moves.length).toBe(2);
  });

  it.each([
    { max: 7 },
    { lowerBound: 7 },
    { gap: 0 },
    { heaviestPartition: 6 },
    { confined: { brokers: [0], weight: 12 } },
    { confined: { brokers: [0, 1], weight: 13 } },
    {
      after: [
        { broker: 0, weight: 7 },
        { broker: 1, weight: 6 },
      ],
    },
    { before: [] },
  ])('are not believed when they say %j', (lie) => {
    // 5 + 5 against 5 is the best, and the bound without trying everything is 7.5.
    const input = cluster(
      2,
      [5, 5, 5].map((weight, p) => partition('t', p, [0, 1], { weight })),
    );
    const plan = balanceLeaders(input, { weights: true });
    expect(plan.weights).toMatchObject({ max: 10, lowerBound: 10, isExhaustive: true });
    const honest = { ...plan, weights: { ...plan.weights!, isExhaustive: false, lowerBound: 7.5, gap: 10 / 7.5 - 1 } };
    expect(verifyCertificate(input, honest).problems).toEqual([]);
    expect(verifyCertificate(input, { ...honest, weights: { ...honest.weights, lowerBound: 10, gap: 0 } }).valid).toBe(false);
    expect(verifyCertificate(input, { ...honest, weights: { ...honest.weights, ...lie } }).valid).toBe(false);
    expect(verifyCertificate(input, { ...plan, weights: null }).valid).toBe(false);
  });

  it('exclude limits on the moves, other goals and capacities', () => {
    const input = cluster(2, [partition('t', 0, [0, 1])]);
    expect(() => balanceLeaders(input, { weights: true, maxMoves: 1 })).toThrow('weights exclude tolerance and maxMoves');
    expect(() => balanceLeaders(input, { weights: true, goals: ['topic'] })).toThrow('weights need the cluster to be the only goal');
    const uneven = { ...input, brokers: [{ id: 0 }, { id: 1, capacity: 2 }] };
    expect(() => balanceLeaders(uneven, { weights: true })).toThrow('weights exclude capacities that differ');
  });
});
