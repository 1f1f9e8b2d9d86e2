import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { balanceLeaders } from '../../src/balance/balance-leaders.js';
import type { BalancePlan } from '../../src/balance/balance-plan.js';
import type { Cluster } from '../../src/balance/cluster.js';
import { verifyCertificate } from '../../src/balance/verify-certificate.js';
import { arbitraryCluster, clusterOf } from './clusters.js';

/** Eight partitions that only brokers 0 and 1 hold, and five that brokers 2 and 3 can share. */
const input: Cluster = clusterOf(4, [
  ...Array.from({ length: 4 }, () => [0, 1]),
  ...Array.from({ length: 4 }, () => [1, 0]),
  [2, 3],
  [2, 3],
  [2, 1, 3],
  [0, 2],
  [2, 3],
]);
const plan = balanceLeaders(input);

type Writable<T> = T extends object ? { -readonly [K in keyof T]: Writable<T[K]> } : T;
const tampered = (change: (plan: Writable<BalancePlan>) => void): BalancePlan => {
  const copy = structuredClone(plan) as Writable<BalancePlan>;
  change(copy);
  return copy as BalancePlan;
};

describe('a plan as it was made', () => {
  it('is valid', () => {
    expect(verifyCertificate(input, plan)).toEqual({ valid: true, problems: [] });
    expect(plan.moves.length).toBeGreaterThan(0);
    expect(plan.orders.length).toBeGreaterThan(0);
    expect(plan.certificate.evenness.levels?.length).toBe(2);
  });

  it('is valid in any cluster', () => {
    fc.assert(
      fc.property(arbitraryCluster({ maxBrokers: 9, maxPartitions: 60, trouble: true }), (cluster) => {
        expect(verifyCertificate(cluster, balanceLeaders(cluster))).toEqual({ valid: true, problems: [] });
      }),
      { numRuns: 200 },
    );
  });

  it('is valid with any capacities, which proves the loads least for them', () => {
    const uneven = arbitraryCluster({ maxBrokers: 7, maxPartitions: 60, trouble: true }).chain((cluster) =>
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 7, maxLength: 7 }).map((capacities) => ({
        ...cluster,
        brokers: cluster.brokers.map((broker, i) => ({ ...broker, capacity: capacities[i]! })),
      })),
    );
    fc.assert(
      fc.property(uneven, (cluster) => {
        expect(verifyCertificate(cluster, balanceLeaders(cluster))).toEqual({ valid: true, problems: [] });
      }),
      { numRuns: 300 },
    );
  });

  it('is valid after a way through JSON', () => {
    expect(verifyCertificate(input, JSON.parse(JSON.stringify(plan)))).toEqual({ valid: true, problems: [] });
  });
});

describe('a plan with goals beside the cluster', () => {
  it('proves below how many moves none that is as even can go, and no more', () => {
    fc.assert(
      fc.property(arbitraryCluster({ maxBrokers: 6, maxPartitions: 30, trouble: true }), (cluster) => {
        const fewest = balanceLeaders(cluster).moves.length;
        for (const options of [{ goals: ['cluster', 'topic'] }, { goals: ['cluster', 'rack', 'topic'] }, { weights: true }] as const) {
          const made = balanceLeaders(cluster, options);
          expect(made.certificate.moves?.fewest).toBe(fewest);
          expect(made.moves.length).toBeGreaterThanOrEqual(fewest);
          expect(verifyCertificate(cluster, made)).toEqual({ valid: true, problems: [] });
          const proof = { ...made.certificate.moves!, fewest: fewest + 1 };
          const boasting = { ...made, certificate: { ...made.certificate, moves: proof } };
          expect(verifyCertificate(cluster, boasting).problems).toEqual([`at least ${fewest + 1} moves are claimed, proven are ${fewest}`]);
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe('a plan that was tampered with', () => {
  const cases: Record<string, (plan: Writable<BalancePlan>) => void> = {
    'a move left out': (p) => p.moves.pop(),
    'a move twice': (p) => p.moves.push(p.moves[0]!),
    'a move from another broker': (p) => {
      p.moves[0]!.from = 3;
    },
    'a move to a broker without the replica': (p) => {
      p.moves[0]!.to = 77;
    },
    'a move of a partition that does not exist': (p) => {
      p.moves[0]!.partition = 99;
    },
    'an order left out': (p) => p.orders.shift(),
    'an order twice': (p) => p.orders.push(p.orders[0]!),
    'an order with other replicas': (p) => {
      p.orders[0]!.replicas[1] = 9;
    },
    'an order with a replica less': (p) => p.orders[0]!.replicas.pop(),
    'an order whose leader is not first': (p) => p.orders[0]!.replicas.reverse(),
    'an order of a partition that does not exist': (p) => {
      p.orders[0]!.topic = 'u';
    },
    'another maximum': (p) => {
      p.after.max--;
    },
    'another spread': (p) => {
      p.after.spread--;
    },
    'another sum of squares': (p) => {
      p.before.sumOfSquares++;
    },
    'other leaders per broker': (p) => {
      p.after.leaders[0]!.leaders++;
    },
    'a better worst failure': (p) => {
      p.after.worstFailure!.leaders--;
    },
    'a worse worst failure before': (p) => {
      p.before.worstFailure!.leaders++;
    },
    'a level that is higher': (p) => {
      p.certificate.evenness.levels![0]!.leaders++;
    },
    'a level that is lower': (p) => {
      p.certificate.evenness.levels![1]!.leaders--;
    },
    'a broker without a level': (p) => p.certificate.evenness.levels![0]!.brokers.pop(),
    'a broker with two levels': (p) => p.certificate.evenness.levels![1]!.brokers.push(0),
    'no levels': (p) => {
      p.certificate.evenness.levels = null;
    },
    'one partition more that is confined': (p) => {
      p.certificate.evenness.confined.partitions++;
    },
    'a broker less that confines': (p) => p.certificate.evenness.confined.brokers.pop(),
    'one partition less that the lowest could lead': (p) => {
      p.certificate.evenness.reachable.partitions--;
    },
    'a broker less among the lowest': (p) => p.certificate.evenness.reachable.brokers.pop(),
    'fewer moves proven': (p) => {
      p.certificate.moves!.fewest--;
    },
    'no proof of moves': (p) => {
      p.certificate.moves = null;
    },
    'bounds that leave plans out': (p) => {
      for (const bound of p.certificate.moves!.bounds) bound.least = bound.most;
    },
    'a broker without bounds': (p) => p.certificate.moves!.bounds[0]!.brokers.pop(),
    'another threshold': (p) => {
      p.certificate.moves!.threshold += 7;
    },
    'potentials that differ': (p) => {
      p.certificate.moves!.potentials = [0, 1, 2, 3].map((broker) => ({ potential: 5 * broker, brokers: [broker] }));
    },
    'no potentials': (p) => {
      p.certificate.moves!.potentials = [];
    },
    'no proof for the failure': (p) => {
      p.certificate.failure = null;
    },
    'a level higher after the failure': (p) => {
      for (const level of p.certificate.failure!.levels) level.leaders += 2;
    },
    'no levels after the failure': (p) => {
      p.certificate.failure!.levels = [];
    },
    'one partition more confined after the failure': (p) => {
      p.certificate.failure!.confined.partitions++;
    },
    'another failed broker': (p) => {
      p.certificate.failure!.failed = 55;
    },
  };

  it('a cluster with more brokers than it can number is not proven', () => {
    const brokers = Array.from({ length: 32_769 }, (_, id) => ({ id }));
    expect(verifyCertificate({ brokers, partitions: [] }, balanceLeaders({ brokers: [{ id: 0 }], partitions: [] }))).toEqual({
      valid: false,
      problems: ['32769 brokers are more than 32768'],
    });
  });

  it.each(Object.entries(cases))('%s', (_, change) => {
    const { valid, problems } = verifyCertificate(input, tampered(change));
    expect(valid).toBe(false);
    expect(problems.length).toBeGreaterThan(0);
  });

  it('belongs to another cluster', () => {
    const other = { ...input, partitions: input.partitions.map((row, i) => (i === 0 ? { ...row, leader: 1 } : row)) };
    expect(verifyCertificate(other, plan).valid).toBe(false);
  });
});

describe('a plan that is worse than the best', () => {
  it('is refused with the certificate of the best', () => {
    fc.assert(
      fc.property(arbitraryCluster({ maxBrokers: 5, maxPartitions: 20, trouble: false }), fc.nat(), (cluster, seed) => {
        const best = balanceLeaders(cluster);
        const choices = cluster.partitions.filter(({ isr }) => isr.length > 1);
        fc.pre(choices.length > 0);
        // Somebody else leads one partition, and everything else that the plan says follows from it.
        const { topic, partition, leader, replicas } = choices[seed % choices.length]!;
        const now = best.moves.find((move) => move.topic === topic && move.partition === partition)?.to ?? leader;
        const to = replicas.find((id) => id !== now)!;
        const others = <Row extends { topic: string; partition: number }>(rows: readonly Row[]): Row[] =>
          rows.filter((row) => row.topic !== topic || row.partition !== partition);
        const moves = [...others(best.moves), ...(to === leader ? [] : [{ topic, partition, from: leader, to }])];
        const orders = [...others(best.orders), { topic, partition, replicas: [to, ...replicas.filter((id) => id !== to)] }];
        const { valid } = verifyCertificate(cluster, { ...best, moves, orders });
        // The other plan has other loads, so its figures no longer fit.
        expect(valid).toBe(false);
      }),
      { numRuns: 200 },
    );
  });
});

it('takes time linear in the replicas', () => {
  const timeMs = (partitions: number): number => {
    const cluster = clusterOf(
      30,
      Array.from({ length: partitions }, (_, p) => [p % 7, 7 + (p % 11), 18 + (p % 12)]),
    );
    const planned = balanceLeaders(cluster, {});
    const once = (): number => {
      const started = performance.now();
      expect(verifyCertificate(cluster, planned).valid).toBe(true);
      return performance.now() - started;
    };
    return Math.min(once(), once(), once(), once(), once());
  };
  timeMs(1_000);
  const small = timeMs(3_000);
  // Eight times as many; quadratic time would be 64 times as long.
  expect(timeMs(24_000)).toBeLessThan(24 * small);
});
