import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { heirsToday } from '../src/balance/after-failure.js';
import { balanceLeaders } from '../src/balance/balance-leaders.js';
import type { Cluster } from '../src/balance/cluster.js';
import { createInstance, type Instance } from '../src/balance/instance.js';
import { placeReplicas } from '../src/balance/placement/place-replicas.js';
import { leaderStatistics } from '../src/balance/statistics.js';
import { verifyCertificate } from '../src/balance/verify-certificate.js';
import { type ClusterKind, clusterKinds, makeCluster } from './balance-clusters.js';
import { cruiseControl, kafkaPreferred, type Peer, redpanda, topicctl, topicmappr } from './balance-peers.js';
import type { Bench } from './bench.js';
import { alternate, type Figure, type Limit, medianOf, show } from './measure.js';

const ROUNDS = 5;

export const bench: Bench = {
  describe: 'leader balance: how even, how many moves, how long, beside what other tools do with leaders alone (from objects to a plan)',
  run: async () => {
    const { random, holds } = await large();
    const isQuick = await growth(random);
    const spreadsQuickly = await spread();
    await compare();
    return holds && isQuick && spreadsQuickly;
  },
};

const largeKinds = ['random', 'expand', 'skew', 'failover'] as const;

/** Milliseconds. */
interface Times {
  readonly leaders: Figure;
  readonly orders: Figure;
}

/** 1,000,000 partitions on 1,000 brokers. */
async function large(): Promise<{ readonly random: Times; readonly holds: boolean }> {
  console.log('\n1,000,000 partitions on 1,000 brokers');
  let holds = true;
  const times: Partial<Record<ClusterKind, Times>> = {};
  for (const kind of largeKinds) {
    const peak = await memoryMb(kind);
    holds = show(`${kind}: memory above the input`, { median: peak, samples: [peak] }, 'MB', { atMost: 350 }) && holds;
    const { leaders, orders } = await timesOf(makeCluster(kind, 1_000_000, 1_000));
    holds = show(`${kind}: goals 2 and 4, checked`, inSeconds(leaders), 's', { atMost: 2.5 }) && holds;
    holds = show(`${kind}: goals 2, 4 and 5, checked`, inSeconds(orders), 's', { atMost: 6 }) && holds;
    times[kind] = { leaders, orders };
  }
  return { random: times.random as Times, holds };
}

const inSeconds = ({ median, samples }: Figure): Figure => ({ median: median / 1000, samples: samples.map((ms) => ms / 1000) });

const timesOf = (cluster: Cluster): Promise<Times> =>
  alternate({ leaders: () => timeMs(() => solve(cluster, false)), orders: () => timeMs(() => solve(cluster, true)) }, ROUNDS);

/** In a process of its own, as the most that a process ever took is all that it can tell. */
async function memoryMb(kind: ClusterKind): Promise<number> {
  const script = `import { printMemory } from ${JSON.stringify(import.meta.url)}; printMemory(${JSON.stringify(kind)});`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  return Number(stdout);
}

/** The process's peak above what it has with the input, which is more than the input: making it leaves some behind. */
export function printMemory(kind: ClusterKind): void {
  const cluster = makeCluster(kind, 1_000_000, 1_000);
  const inputBytes = process.memoryUsage().rss;
  solve(cluster, false);
  console.log((process.resourceUsage().maxRSS * 1024 - inputBytes) / 1e6);
}

/** @param million - the times of a million partitions */
async function growth(million: Times): Promise<boolean> {
  console.log('\ngrowth (random): goals 2, 4 and 5, checked');
  let holds = true;
  const line = (name: string, { leaders, orders }: Times, limit?: Limit): void => {
    holds = show(`${name}: goals 2 and 4`, leaders, 'ms', limit) && holds;
    show(`${name}: goals 2, 4 and 5`, orders, 'ms');
  };
  line('1,000 on 10', await timesOf(makeCluster('random', 1_000, 10)));
  line('10,000 on 30', await timesOf(makeCluster('random', 10_000, 30)));
  line('100,000 on 100', await timesOf(makeCluster('random', 100_000, 100)), { atMost: 300 });
  line('1,000,000 on 1,000', million);
  return holds;
}

/** What `partitions reassign --to-brokers` plans after brokers were added. */
async function spread(): Promise<boolean> {
  console.log('\nreplicas of 200,000 partitions on 80 brokers, spread over 100');
  const { partitions } = makeCluster('random', 200_000, 80);
  const toPlace = partitions.map((partition) => ({ ...partition, replicaCount: partition.replicas.length }));
  const brokers = Array.from({ length: 100 }, (_, id) => ({ id, rack: `rack-${id % 3}`, mayKeep: true, mayTake: true, otherReplicas: 0 }));
  const { planned } = await alternate({ planned: () => timeMs(() => placeReplicas(brokers, toPlace, 'even')) }, ROUNDS);
  return show('evenly, with the fewest copies', inSeconds(planned), 's', { atMost: 5 });
}

const peers: Readonly<Record<string, Peer>> = {
  'preferred (Kafka)': kafkaPreferred,
  'Cruise Control': cruiseControl,
  Redpanda: redpanda,
  topicctl,
  topicmappr,
};

/** Every kind, every tool, on the same cluster. Peers get the cluster as numbers; kafka-ts reads the objects and writes the plan too. */
async function compare(): Promise<void> {
  console.log(
    '\n100,000 partitions on 100 brokers: max - min, sum of squares above the least, leader moves, worst single failure, median ms [all]',
  );
  for (const [kind, description] of Object.entries(clusterKinds)) {
    const cluster = makeCluster(kind as ClusterKind, 100_000, 100);
    const instance = createInstance(cluster);
    const plan = solve(cluster, true);
    console.log(`\n  ${kind}: ${description}; before: ${plan.before.max} - ${plan.before.min}, worst ${plan.before.worstFailure?.leaders}`);
    const figures = await alternate(
      {
        'kafka-ts': () => timeMs(() => solve(cluster, true)),
        ...Object.fromEntries(Object.entries(peers).map(([name, peer]) => [name, () => timeMs(() => peer(instance))])),
      },
      ROUNDS,
    );
    const line = (name: string, quality: Quality): void => {
      const { samples } = figures[name as keyof typeof figures];
      const all = samples.map((ms) => ms.toFixed(0)).join(' ');
      const above = (quality.sumOfSquares - plan.after.sumOfSquares).toLocaleString('en');
      const columns = [
        `${quality.max} - ${quality.min}`.padStart(12),
        above.padStart(14),
        String(quality.moves).padStart(8),
        quality.worst.padStart(6),
      ];
      console.log(`    ${name.padEnd(20)}${columns.join('')}  ${medianOf(samples).toFixed(0).padStart(6)} [${all}]`);
    };
    line('kafka-ts', { ...plan.after, moves: plan.moves.length, worst: String(plan.after.worstFailure?.leaders) });
    for (const [name, peer] of Object.entries(peers)) line(name, qualityOf(instance, peer(instance)));
  }
}

interface Quality {
  readonly max: number;
  readonly min: number;
  readonly sumOfSquares: number;
  readonly moves: number;
  readonly worst: string;
}

function qualityOf(instance: Instance, leader: Int16Array): Quality {
  const { max, min, sumOfSquares, worstFailure } = leaderStatistics(instance, leader, heirsToday(instance, leader));
  const moves = leader.reduce((count, broker, p) => count + (broker === instance.leader[p] ? 0 : 1), 0);
  return { max, min, sumOfSquares, moves, worst: String(worstFailure?.leaders) };
}

function solve(cluster: Cluster, afterFailure: boolean) {
  const plan = balanceLeaders(cluster, { afterFailure });
  const { valid, problems } = verifyCertificate(cluster, plan);
  if (!valid) throw new Error(problems.join('; '));
  return plan;
}

async function timeMs(work: () => unknown): Promise<number> {
  const started = performance.now();
  work();
  return performance.now() - started;
}
