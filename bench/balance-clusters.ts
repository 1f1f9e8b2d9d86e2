import type { Cluster, ClusterBroker, ClusterPartition } from '../src/balance/cluster.js';

/** How a cluster came to be as it is. */
export const clusterKinds = {
  random: 'replicas anywhere',
  stripe: "Kafka's classic placement of whole topics",
  rack: 'a replica in each of three racks',
  skew: 'some brokers hold far more than others',
  expand: 'a fifth of the brokers is new and holds a tenth of the partitions',
  failover: 'a tenth of the brokers was restarted and leads nothing',
  degraded: 'a twentieth of the brokers is dead, some ISRs are short',
  chain: 'partitions shared by neighbours only',
} as const;

export type ClusterKind = keyof typeof clusterKinds;

const REPLICATION_FACTOR = 3;

/** A cluster of this kind, the same one for the same arguments. */
export function makeCluster(kind: ClusterKind, partitionCount: number, brokerCount: number, seed = 1): Cluster {
  const random = xorshift(seed * 2_654_435_761 + 12_345);
  const below = (n: number): number => Math.floor(random() * n);
  const racks = Math.min(3, brokerCount);
  const pick = picker(kind, brokerCount, random);
  const stopped = new Set<number>();
  if (kind === 'degraded') for (let i = 0; i < Math.max(1, brokerCount * 0.05); i++) stopped.add(below(brokerCount));
  const restarted = new Set<number>();
  if (kind === 'failover') for (let i = 0; i < Math.max(1, brokerCount * 0.1); i++) restarted.add(below(brokerCount));

  const partitions: ClusterPartition[] = [];
  for (let topic = 0; partitions.length < partitionCount; topic++) {
    const size = Math.min(partitionCount - partitions.length, Math.floor(random() ** 3 * Math.max(8, 2 * brokerCount)) + 1);
    for (let partition = 0; partition < size; partition++) {
      const replicas = place(partitions.length, topic);
      const live = replicas.filter((id) => !stopped.has(id));
      const isr = kind === 'degraded' && random() < 0.05 ? live.slice(0, 1) : live;
      const leader = isr.find((id) => !restarted.has(id)) ?? isr[0] ?? -1;
      // Of their size, as the client decodes them: a list that was pushed to has room for seventeen.
      partitions.push({ topic: `topic-${topic}`, partition, replicas: replicas.slice(), isr: isr.slice(), leader });
    }
  }
  const brokers: ClusterBroker[] = Array.from({ length: brokerCount }, (_, id) => ({
    id,
    rack: `rack-${id % racks}`,
    alive: !stopped.has(id),
  }));
  return { brokers, partitions };

  function place(p: number, topic: number): number[] {
    if (kind === 'stripe' || kind === 'failover') {
      const first = (p + topic * 7_919) % brokerCount;
      const shift = (topic * 31) % Math.max(1, brokerCount - 1);
      const others = Array.from(
        { length: REPLICATION_FACTOR - 1 },
        (_, j) => (first + 1 + ((shift + j) % (brokerCount - 1))) % brokerCount,
      );
      return [first, ...others];
    }
    if (kind === 'chain') return [p % (brokerCount - 1), (p % (brokerCount - 1)) + 1];
    const replicas: number[] = [];
    const firstRack = below(racks);
    while (replicas.length < REPLICATION_FACTOR) {
      const id = pick();
      if (replicas.includes(id) || (kind === 'rack' && id % racks !== (firstRack + replicas.length) % racks)) continue;
      replicas.push(id);
    }
    return replicas;
  }
}

function picker(kind: ClusterKind, brokerCount: number, random: () => number): () => number {
  if (kind === 'expand') {
    const old = Math.max(REPLICATION_FACTOR, Math.floor(brokerCount * 0.8));
    return () => Math.floor(random() * (random() < 0.9 ? old : brokerCount));
  }
  if (kind !== 'skew') return () => Math.floor(random() * brokerCount);
  const cumulative: number[] = [];
  let total = 0;
  for (let b = 0; b < brokerCount; b++) {
    total += (b + 1) ** -0.8;
    cumulative.push(total);
  }
  return () => {
    const aim = random() * total;
    let low = 0;
    let high = brokerCount - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cumulative[middle]! < aim) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

/** Marsaglia's 32-bit generator: fast, and the same everywhere. */
export function xorshift(seed: number): () => number {
  let state = seed >>> 0 || 1;
  const next = (): number => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
  for (let i = 0; i < 20; i++) next();
  return next;
}
