import fc from 'fast-check';
import type { Cluster, ClusterPartition } from '../../src/balance/cluster.js';

/** `[leader, ...others]`, all in sync unless `isr` says otherwise. */
export function partition(
  topic: string,
  number: number,
  replicas: readonly number[],
  rest: Partial<ClusterPartition> = {},
): ClusterPartition {
  return { topic, partition: number, replicas, isr: replicas, leader: replicas[0]!, ...rest };
}

export function cluster(brokers: number, partitions: readonly ClusterPartition[]): Cluster {
  return { brokers: Array.from({ length: brokers }, (_, id) => ({ id })), partitions };
}

/** Partitions of one topic that hold these replicas. */
export function clusterOf(brokers: number, replicaLists: readonly (readonly number[])[]): Cluster {
  return cluster(
    brokers,
    replicaLists.map((replicas, number) => partition('t', number, replicas)),
  );
}

export interface ClusterShape {
  readonly maxBrokers: number;
  readonly maxPartitions: number;
  /** Dead and excluded brokers, shrunk ISRs, missing leaders, fixed partitions. */
  readonly trouble: boolean;
}

/** Any cluster of this shape, with brokers whose ids have gaps. */
export function arbitraryCluster({ maxBrokers, maxPartitions, trouble }: ClusterShape): fc.Arbitrary<Cluster> {
  const rarely = (arbitrary: fc.Arbitrary<boolean>): fc.Arbitrary<boolean> => (trouble ? arbitrary : fc.constant(false));
  const oneIn = (n: number): fc.Arbitrary<boolean> => rarely(fc.nat(n - 1).map((x) => x === 0));
  return fc.integer({ min: 1, max: maxBrokers }).chain((size) => {
    const ids = Array.from({ length: size }, (_, i) => 3 * i + 1);
    const brokers = fc.tuple(
      ...ids.map((id) => fc.record({ id: fc.constant(id), alive: oneIn(8).map((dead) => !dead), excluded: oneIn(8) })),
    );
    const replicas = fc
      .integer({ min: 1, max: Math.min(4, size) })
      .chain((factor) => fc.shuffledSubarray(ids, { minLength: factor, maxLength: factor }));
    const partitions = fc.array(
      fc.record({
        topic: fc.constantFrom('a', 'b', 'c'),
        replicas,
        out: fc.array(oneIn(5), { minLength: 4, maxLength: 4 }),
        leader: fc.nat(3),
        fixed: oneIn(8),
        lost: oneIn(10),
      }),
      { maxLength: maxPartitions },
    );
    return fc.tuple(brokers, partitions).map(([brokers, drawn]) => {
      const alive = new Set(brokers.filter((broker) => broker.alive).map(({ id }) => id));
      const partitions = drawn.map(({ topic, replicas, out, leader, fixed, lost }, number) => {
        const isr = replicas.filter((id, i) => alive.has(id) && !out[i]);
        return { topic, partition: number, replicas, isr, leader: lost || isr.length === 0 ? -1 : isr[leader % isr.length]!, fixed };
      });
      return { brokers, partitions };
    });
  });
}
