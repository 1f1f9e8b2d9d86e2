import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { balanceLeaders } from '../../src/balance/balance-leaders.js';
import type { Cluster } from '../../src/balance/cluster.js';
import { verifyCertificate } from '../../src/balance/verify-certificate.js';
import { applyPlan } from './apply-plan.js';
import { arbitraryCluster, cluster, clusterOf, partition } from './clusters.js';
import { compareLoads } from './enumerate.js';

const loadsOf = ({ after }: ReturnType<typeof balanceLeaders>): readonly number[] =>
  after.leaders.map(({ leaders }) => leaders).sort((a, b) => b - a);

describe('a plan', () => {
  it('moves leaders, orders replicas and says what becomes of it', () => {
    const input = clusterOf(3, [
      [0, 1, 2],
      [0, 2, 1],
      [0, 1, 2],
    ]);
    const plan = balanceLeaders(input);
    expect(plan.moves.map(({ from, to }) => [from, to]).sort()).toEqual([
      [0, 1],
      [0, 2],
    ]);
    expect(plan.before).toMatchObject({ max: 3, min: 0, spread: 3, sumOfSquares: 9 });
    expect(plan.after).toMatchObject({ max: 1, min: 1, spread: 0, sumOfSquares: 3, worstFailure: { leaders: 2 } });
    for (const { topic, partition: number, to } of plan.moves) {
      expect(plan.orders.find((order) => order.topic === topic && order.partition === number)?.replicas[0]).toBe(to);
    }
  });

  it('does nothing where nothing can be better', () => {
    const plan = balanceLeaders(
      clusterOf(3, [
        [0, 1],
        [1, 2],
        [2, 0],
      ]),
    );
    expect(plan.moves).toEqual([]);
    expect(plan.orders).toEqual([]);
  });

  it('is the same for the same input, and done when it was carried out', () => {
    fc.assert(
      fc.property(arbitraryCluster({ maxBrokers: 8, maxPartitions: 50, trouble: true }), (input) => {
        const plan = balanceLeaders(input);
        expect(balanceLeaders(input)).toEqual(plan);
        const again = balanceLeaders(applyPlan(input, plan));
        expect(again.moves).toEqual([]);
        expect(again.orders).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('puts the preferred leader back in front of a partition that another broker leads', () => {
    const input = cluster(2, [partition('t', 0, [0, 1], { leader: 1 }), partition('t', 1, [0, 1])]);
    const plan = balanceLeaders(input);
    expect(plan.moves).toEqual([]);
    expect(plan.orders).toEqual([{ topic: 't', partition: 0, replicas: [1, 0] }]);
  });
});

describe('names', () => {
  it('renaming brokers and shuffling partitions changes nothing but the names', () => {
    fc.assert(
      fc.property(
        arbitraryCluster({ maxBrokers: 8, maxPartitions: 40, trouble: true }).chain((input) =>
          fc.tuple(
            fc.constant(input),
            fc.shuffledSubarray([...input.brokers], { minLength: input.brokers.length }),
            fc.shuffledSubarray([...input.partitions], { minLength: input.partitions.length }),
          ),
        ),
        ([input, brokers, partitions]) => {
          // Every broker takes the name of another one.
          const nameOf = new Map(input.brokers.map(({ id }, i) => [id, brokers[i]!.id]));
          const rename = (id: number): number => nameOf.get(id) ?? id;
          const renamed: Cluster = {
            brokers: [...input.brokers.map((broker) => ({ ...broker, id: rename(broker.id) }))].reverse(),
            partitions: partitions.map((row) => ({
              ...row,
              replicas: row.replicas.map(rename),
              isr: row.isr.map(rename),
              leader: rename(row.leader),
            })),
          };
          const plan = balanceLeaders(input);
          const other = balanceLeaders(renamed);
          expect(other.moves).toEqual(plan.moves.map((move) => ({ ...move, from: rename(move.from), to: rename(move.to) })));
          expect(other.orders).toEqual(plan.orders.map((order) => ({ ...order, replicas: order.replicas.map(rename) })));
          expect(new Map(other.after.leaders.map(({ broker, leaders }) => [broker, leaders]))).toEqual(
            new Map(plan.after.leaders.map(({ broker, leaders }) => [rename(broker), leaders])),
          );
          expect(other.after.worstFailure?.leaders).toBe(plan.after.worstFailure?.leaders);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('more replicas', () => {
  it('one more in sync never makes it less even', () => {
    fc.assert(
      fc.property(arbitraryCluster({ maxBrokers: 7, maxPartitions: 40, trouble: false }), fc.nat(), fc.nat(), (input, which, broker) => {
        fc.pre(input.partitions.length > 0);
        const index = which % input.partitions.length;
        const { id } = input.brokers[broker % input.brokers.length]!;
        const partitions = input.partitions.map((row, i) =>
          i !== index || row.replicas.includes(id) ? row : { ...row, replicas: [...row.replicas, id], isr: [...row.isr, id] },
        );
        expect(compareLoads(loadsOf(balanceLeaders({ ...input, partitions })), loadsOf(balanceLeaders(input)))).toBeLessThanOrEqual(0);
      }),
      { numRuns: 300 },
    );
  });
});

describe('staircases', () => {
  /** Broker i leads `steps - i` partitions, and its neighbour below holds one of them: one leader less to each step down. */
  const staircase = (steps: number, width: number): Cluster =>
    clusterOf(
      steps,
      Array.from({ length: steps }, (_, b) =>
        Array.from({ length: steps - b }, (_, i) => (b + 1 < steps && i < width ? [b, b + 1] : [b])),
      ).flat(),
    );

  it.each([3, 4, 10, 100])('moves leaders along %i brokers where no single step helps', (steps) => {
    const input = staircase(steps, 1);
    const load = new Map(balanceLeaders(input).before.leaders.map(({ broker, leaders }) => [broker, leaders]));
    // A single move helps only from a broker to one with at least two leaders fewer.
    for (const { leader, isr } of input.partitions) for (const id of isr) expect(load.get(leader)! - load.get(id)!).toBeLessThan(2);
    const plan = balanceLeaders(input);
    expect(plan.before).toMatchObject({ max: steps, min: 1 });
    // Every neighbour passes one leader on.
    expect(plan.after).toMatchObject({ max: steps - 1, min: 2 });
    expect(plan.moves.length).toBe(steps - 1);
  });

  it('goes all the way where the replicas allow it', () => {
    const plan = balanceLeaders(staircase(5, 5));
    // 5 4 3 2 1: the first passes 2 on, the second 3, the third 3, the fourth 2.
    expect(plan.after).toMatchObject({ max: 3, min: 3 });
    expect(plan.moves.length).toBe(10);
  });
});

describe('brokers and partitions with a say of their own', () => {
  it('an excluded broker leads only what nobody else can, and stands last', () => {
    const input: Cluster = {
      brokers: [{ id: 0, excluded: true }, { id: 1 }, { id: 2 }],
      partitions: [partition('t', 0, [0, 1, 2]), partition('t', 1, [0]), partition('t', 2, [0, 2], { isr: [0] })],
    };
    const plan = balanceLeaders(input);
    expect(plan.moves).toEqual([{ topic: 't', partition: 0, from: 0, to: 1 }]);
    expect(plan.orders).toEqual([
      { topic: 't', partition: 0, replicas: [1, 2, 0] },
      { topic: 't', partition: 2, replicas: [2, 0] },
    ]);
    expect(plan.after).toMatchObject({ max: 1, min: 0 });
  });

  it('what an excluded broker still leads is handed on evenly when it fails', () => {
    const input: Cluster = {
      brokers: [{ id: 1 }, { id: 4 }, { id: 7, excluded: true }],
      partitions: [...[0, 1].map((p) => partition('a', p, [1])), ...[2, 3, 4].map((p) => partition('a', p, [7, 1, 4]))],
    };
    const plan = balanceLeaders(input, { maxMoves: 1 });
    expect(plan.moves).toHaveLength(1);
    // 4 takes one over now and another when 7 fails, and 1, which leads two already, the last.
    expect(plan.orders.map(({ replicas }) => replicas.join()).sort()).toEqual(['1,4,7', '4,1,7', '4,1,7']);
    expect(plan.after.worstFailure).toMatchObject({ leaders: 3 });
    expect(verifyCertificate(input, plan).problems).toEqual([]);
  });

  it('a broker that is not listed is dead', () => {
    const input = cluster(2, [partition('t', 0, [7, 0, 1], { leader: -1 }), partition('t', 1, [7, 0], { leader: 7 })]);
    const plan = balanceLeaders(input);
    expect(plan.moves).toEqual([
      { topic: 't', partition: 0, from: -1, to: 1 },
      { topic: 't', partition: 1, from: 7, to: 0 },
    ]);
    expect(plan.after.leaders.map(({ broker }) => broker)).toEqual([0, 1]);
  });

  it('a partition that nobody can lead stays as it is', () => {
    const lost = partition('t', 0, [7], { isr: [7], leader: -1 });
    const stale = partition('t', 1, [0, 1], { isr: [], leader: 0 });
    const plan = balanceLeaders(cluster(2, [lost, stale, partition('t', 2, [0, 1])]));
    // The stale one counts where it is.
    expect(plan.moves).toEqual([{ topic: 't', partition: 2, from: 0, to: 1 }]);
    expect(plan.after).toMatchObject({ max: 1, min: 1 });
  });

  it('fixed partitions and excluded topics keep leader and order, and count', () => {
    const input = cluster(2, [
      partition('t', 0, [0, 1], { fixed: true }),
      partition('u', 0, [0, 1]),
      partition('v', 0, [0, 1]),
      partition('v', 1, [0, 1]),
    ]);
    const plan = balanceLeaders(input, { excludedTopics: ['u'] });
    expect(plan.moves.map(({ topic, to }) => [topic, to])).toEqual([
      ['v', 1],
      ['v', 1],
    ]);
    expect(plan.orders.map(({ topic }) => topic)).toEqual(['v', 'v']);
  });

  it('capacities share leaders out in proportion', () => {
    const brokers = [
      { id: 0, capacity: 1 },
      { id: 1, capacity: 2 },
      { id: 2, capacity: 3 },
    ];
    const partitions = Array.from({ length: 12 }, (_, p) => partition('t', p, [0, 1, 2]));
    const plan = balanceLeaders({ brokers, partitions });
    expect(plan.after.leaders.map(({ leaders }) => leaders)).toEqual([2, 4, 6]);
    expect(plan.moves.length).toBe(10);
  });
});

describe('input that contradicts itself', () => {
  const one = partition('t', 0, [0, 1]);
  const cases: [string, Cluster, string][] = [
    ['no brokers', { brokers: [], partitions: [] }, 'a cluster needs at least one broker'],
    ['a broker twice', { brokers: [{ id: 1 }, { id: 1 }], partitions: [] }, 'broker 1 is given twice'],
    ['too many brokers', cluster(32_769, [one]), '32769 brokers are more than 32768'],
    ['a broker id', { brokers: [{ id: -2 }], partitions: [] }, '-2 is no broker id'],
    ['a capacity', { brokers: [{ id: 1, capacity: 0.5 }], partitions: [] }, 'broker 1: its capacity must be an integer from 1 to 1000000'],
    ['a partition twice', cluster(2, [one, one]), 'partition t-0 is given twice'],
    ['a partition number', cluster(2, [{ ...one, partition: -1 }]), 'partition t--1: its number must be an integer from 0'],
    ['no replicas', cluster(2, [{ ...one, replicas: [] }]), 'partition t-0: it has no replicas'],
    ['a replica twice', cluster(2, [{ ...one, replicas: [0, 0], isr: [0] }]), 'partition t-0: replica 0 is given twice'],
    ['a replica id', cluster(2, [{ ...one, replicas: [0, 1.5], isr: [0] }]), 'partition t-0: 1.5 is no broker id'],
    ['a foreign ISR', cluster(3, [{ ...one, isr: [0, 2] }]), 'partition t-0: 2 is in the ISR but not among the replicas'],
    ['a foreign leader', cluster(3, [{ ...one, leader: 2 }]), 'partition t-0: its leader 2 is not among the replicas'],
    ['a weight', cluster(3, [{ ...one, weight: Number.NaN }]), 'partition t-0: its weight must be a finite number from 0'],
  ];
  it.each(cases)('%s', (_, input, message) => {
    expect(() => balanceLeaders(input)).toThrow(new RangeError(message));
  });

  it('a cluster without partitions, or without a live broker, has nothing to do', () => {
    expect(balanceLeaders(cluster(2, []))).toMatchObject({ moves: [], orders: [], after: { max: 0, min: 0 } });
    const dead = { brokers: [{ id: 0, alive: false }], partitions: [partition('t', 0, [0], { isr: [0], leader: -1 })] };
    expect(balanceLeaders(dead)).toMatchObject({ moves: [], orders: [], after: { leaders: [], worstFailure: null } });
  });
});
