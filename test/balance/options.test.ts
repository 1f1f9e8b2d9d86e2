import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { balanceLeaders } from '../../src/balance/balance-leaders.js';
import type { BalanceGoal } from '../../src/balance/balance-plan.js';
import type { Cluster } from '../../src/balance/cluster.js';
import { verifyCertificate } from '../../src/balance/verify-certificate.js';
import { applyPlan } from './apply-plan.js';
import { arbitraryCluster, cluster, partition } from './clusters.js';
import { compareLoads } from './enumerate.js';

/** All choices of leaders: of each the leader per partition and the moves. */
function* everyChoice({ partitions }: Cluster, leaders: readonly number[] = []): Generator<readonly number[]> {
  const next = partitions[leaders.length];
  if (next === undefined) yield leaders;
  else for (const id of next.isr) yield* everyChoice({ brokers: [], partitions }, [...leaders, id]);
}

const countMoves = ({ partitions }: Cluster, leaders: readonly number[]): number =>
  leaders.filter((id, p) => id !== partitions[p]!.leader).length;

function spreadOf({ brokers }: Cluster, leaders: readonly number[]): number {
  const loads = brokers.map(({ id }) => leaders.filter((leader) => leader === id).length);
  return Math.max(...loads) - Math.min(...loads);
}

describe('goals', () => {
  const squares = (keys: readonly string[]): number => {
    const counts = new Map<string, number>();
    for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
    return [...counts.values()].reduce((sum, count) => sum + count * count, 0);
  };
  const costs: Record<BalanceGoal, (cluster: Cluster, leaders: readonly number[]) => number> = {
    cluster: (_, leaders) => squares(leaders.map(String)),
    topic: ({ partitions }, leaders) => squares(leaders.map((id, p) => `${partitions[p]!.topic} ${id}`)),
    rack: ({ brokers }, leaders) => squares(leaders.map((id) => brokers.find((broker) => broker.id === id)!.rack!)),
  };
  const withRacks = arbitraryCluster({ maxBrokers: 5, maxPartitions: 7, trouble: false }).map((input) => ({
    ...input,
    brokers: input.brokers.map((broker, i) => ({ ...broker, rack: i < 3 ? 'r1' : 'r2' })),
  }));
  const orders: BalanceGoal[][] = [
    ['cluster', 'topic'],
    ['topic', 'cluster'],
    ['topic'],
    ['rack'],
    ['rack', 'cluster'],
    ['cluster', 'rack', 'topic'],
    ['rack', 'topic', 'cluster'],
    ['topic', 'rack', 'cluster'],
  ];
  it.each(orders.map((goals) => [goals.join(' before '), goals] as const))('%s', (_, goals) => {
    fc.assert(
      fc.property(withRacks, (input) => {
        const cost = (leaders: readonly number[]): number[] => [
          ...goals.map((goal) => costs[goal](input, leaders)),
          countMoves(input, leaders),
        ];
        const plan = balanceLeaders(input, { goals });
        const found = cost(applyPlan(input, plan).partitions.map(({ leader }) => leader));
        let best = found;
        for (const leaders of everyChoice(input)) if (compareLoads(cost(leaders), best) < 0) best = cost(leaders);
        expect(found).toEqual(best);
        expect(verifyCertificate(input, plan)).toEqual({ valid: true, problems: [] });
      }),
      { numRuns: 100 },
    );
  });

  it('topics of their own shape: many brokers, many topics', () => {
    // Ten topics of ten partitions; all leaders of a topic on one broker, each broker with as many leaders as the others.
    const partitions = Array.from({ length: 100 }, (_, i) => {
      const topic = Math.floor(i / 10);
      return partition(`t${topic}`, i % 10, [topic, ...Array.from({ length: 10 }, (_, b) => b).filter((b) => b !== topic)]);
    });
    const input = cluster(10, partitions);
    expect(balanceLeaders(input).moves).toEqual([]);
    const plan = balanceLeaders(input, { goals: ['cluster', 'topic'] });
    expect(plan.moves.length).toBe(90);
    expect(plan.after.spread).toBe(0);
    const leaders = applyPlan(input, plan).partitions.map(({ topic, leader }) => `${topic} ${leader}`);
    expect(new Set(leaders).size).toBe(100);
  });
});

describe('tolerance', () => {
  it('moves the fewest leaders for a spread so much above the least', () => {
    fc.assert(
      fc.property(arbitraryCluster({ maxBrokers: 4, maxPartitions: 8, trouble: false }), fc.nat(3), (input, tolerance) => {
        const plan = balanceLeaders(input, { tolerance });
        const least = balanceLeaders(input).after.spread;
        expect(plan.after.spread).toBeLessThanOrEqual(least + tolerance);
        let fewest = Number.POSITIVE_INFINITY;
        for (const leaders of everyChoice(input)) {
          if (spreadOf(input, leaders) <= least + tolerance) fewest = Math.min(fewest, countMoves(input, leaders));
        }
        expect(plan.moves.length).toBe(fewest);
        expect(verifyCertificate(input, plan)).toEqual({ valid: true, problems: [] });
      }),
      { numRuns: 300 },
    );
  });

  it('goes with capacities', () => {
    const brokers = [1, 2, 3].map((capacity, id) => ({ id, capacity }));
    const partitions = Array.from({ length: 12 }, (_, p) => partition('t', p, [0, 1, 2]));
    const plan = balanceLeaders({ brokers, partitions }, { tolerance: 2 });
    expect(plan.moves.length).toBeLessThan(10);
    expect(verifyCertificate({ brokers, partitions }, plan).problems).toEqual([]);
  });
});

describe('maxMoves', () => {
  it('takes steps that each help, and wastes none of them', () => {
    fc.assert(
      fc.property(
        arbitraryCluster({ maxBrokers: 8, maxPartitions: 50, trouble: true }),
        fc.integer({ min: 1, max: 5 }),
        (input, maxMoves) => {
          const whole = balanceLeaders(input);
          let now = input;
          let moved = 0;
          for (;;) {
            const plan = balanceLeaders(now, { maxMoves });
            expect(plan.moves.length).toBeLessThanOrEqual(maxMoves);
            expect(verifyCertificate(now, plan)).toEqual({ valid: true, problems: [] });
            if (plan.moves.length === 0) break;
            const isLed = now.partitions.every(({ leader, isr, fixed }) => fixed || leader === -1 || isr.includes(leader));
            if (isLed && !now.brokers.some(({ excluded }) => excluded) && !plan.moves.some(({ from }) => from === -1)) {
              expect(plan.after.sumOfSquares).toBeLessThan(plan.before.sumOfSquares);
            }
            moved += plan.moves.length;
            now = applyPlan(now, plan);
          }
          // What remains is only what a path of more brokers than maxMoves would do.
          const rest = balanceLeaders(now).moves.length;
          expect(moved + rest).toBe(whole.moves.length);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('lightens the heaviest broker first', () => {
    const input = cluster(4, [
      ...Array.from({ length: 9 }, (_, p) => partition('a', p, [0, 3])),
      ...Array.from({ length: 6 }, (_, p) => partition('b', p, [1, 2])),
    ]);
    const plan = balanceLeaders(input, { maxMoves: 3 });
    expect(plan.moves.map(({ topic }) => topic)).toEqual(['a', 'a', 'a']);
    expect(plan.certificate.moves).toBeNull();
  });
});

describe('options that make no sense', () => {
  const input = cluster(2, [partition('t', 0, [0, 1])]);
  it.each([
    [{ goals: [] }, 'goals: at least one is needed'],
    [{ goals: ['cluster', 'cluster'] as const }, 'goals: cluster, cluster names one twice'],
    [{ tolerance: -1 }, 'tolerance must be an integer from 0'],
    [{ maxMoves: 1.5 }, 'maxMoves must be an integer from 0'],
    [{ goals: ['topic'] as const, tolerance: 1 }, 'tolerance and maxMoves need the cluster to be the only goal'],
  ])('%j', (options, message) => {
    expect(() => balanceLeaders(input, options)).toThrow(new RangeError(message));
  });

  it('capacities with other goals', () => {
    const uneven = { ...input, brokers: [{ id: 0 }, { id: 1, capacity: 2 }] };
    expect(() => balanceLeaders(uneven, { goals: ['topic', 'cluster'] })).toThrow(
      'capacities that differ need the cluster to be the only goal',
    );
  });
});
