import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { balanceLeaders } from '../../src/balance/balance-leaders.js';
import type { Cluster, ClusterPartition } from '../../src/balance/cluster.js';
import { verifyCertificate } from '../../src/balance/verify-certificate.js';
import { applyPlan, loadsAfterFailure } from './apply-plan.js';
import { arbitraryCluster, cluster, partition } from './clusters.js';
import { enumerateHeirs, enumerateLeaders } from './enumerate.js';

/** Holds a plan against everything that could have been done instead. */
function expectOptimal(input: Cluster): void {
  const plan = balanceLeaders(input);
  const { loads, moves } = enumerateLeaders(input);
  const excluded = new Set(input.brokers.filter((broker) => broker.excluded).map(({ id }) => id));
  const planned = plan.after.leaders.filter(({ broker }) => !excluded.has(broker)).map(({ leaders }) => leaders);
  expect(planned.sort((a, b) => b - a)).toEqual(loads);
  expect(plan.moves.length).toBe(moves);
  expect(verifyCertificate(input, plan)).toEqual({ valid: true, problems: [] });

  const applied = applyPlan(input, plan);
  const leaderOf = applied.partitions.map(({ leader }) => leader);
  let worst = 0;
  for (const { id, alive } of input.brokers) {
    if (alive === false) continue;
    const found = loadsAfterFailure(applied, id);
    expect(found).toEqual(enumerateHeirs(applied, leaderOf, id));
    worst = Math.max(worst, found[0] ?? 0);
  }
  expect(plan.after.worstFailure?.leaders ?? 0).toBe(worst);
}

describe('every small cluster', () => {
  // Every multiset of up to five partitions over three brokers with one to three replicas each, every broker that may lead leading:
  // 3 + 6 + 6 orders, each with the leaders it can have. Orders matter for goal 5, so they are told apart.
  const lists = [
    [0],
    [1],
    [2],
    [0, 1],
    [1, 0],
    [0, 2],
    [2, 0],
    [1, 2],
    [2, 1],
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ];
  const kinds = lists.flatMap((replicas) => replicas.map((leader) => ({ replicas, leader })));
  // By symmetry it is enough to take them in rising order; up to 3 partitions all, 4 and 5 with the leader first in the order.
  const preferred = kinds.filter(({ replicas, leader }) => replicas[0] === leader);

  const sweep = (
    kinds: readonly { replicas: readonly number[]; leader: number }[],
    size: number,
    visit: (input: Cluster) => void,
  ): number => {
    let count = 0;
    const grow = (first: number, partitions: readonly ClusterPartition[]): void => {
      if (partitions.length === size) {
        count++;
        visit(cluster(3, partitions));
        return;
      }
      for (let kind = first; kind < kinds.length; kind++) {
        const { replicas, leader } = kinds[kind]!;
        grow(kind, [...partitions, partition('t', partitions.length, replicas, { leader })]);
      }
    };
    grow(0, []);
    return count;
  };

  it.each([
    [0, 1],
    [1, 33],
    [2, 561],
    [3, 6545],
  ])('with %i partitions and any leaders', (size, clusters) => {
    expect(sweep(kinds, size, expectOptimal)).toBe(clusters);
  });

  it.each([
    [4, 3060],
    [5, 11628],
  ])('with %i partitions led by the first replica', (size, clusters) => {
    expect(sweep(preferred, size, expectOptimal)).toBe(clusters);
  });
});

/** BALANCE_RUNS=100000 tries that many random clusters instead of 2,000. */
const numRuns = Number(process.env.BALANCE_RUNS ?? 2_000);

it('small clusters in trouble: dead and excluded brokers, shrunk ISRs, missing leaders, fixed partitions', () => {
  fc.assert(fc.property(arbitraryCluster({ maxBrokers: 5, maxPartitions: 7, trouble: true }), expectOptimal), { numRuns });
}, 600_000);
