import { heirsToday } from '../src/balance/after-failure.js';
import { balanceLeaders } from '../src/balance/balance-leaders.js';
import type { Cluster } from '../src/balance/cluster.js';
import { createInstance, type Instance } from '../src/balance/instance.js';
import { leaderStatistics } from '../src/balance/statistics.js';
import { verifyCertificate } from '../src/balance/verify-certificate.js';
import { type ClusterKind, clusterKinds, makeCluster } from './balance-clusters.js';
import { cruiseControl, kafkaPreferred, type Peer, redpanda, topicctl, topicmappr } from './balance-peers.js';
import type { Bench } from './bench.js';
import { alternate, medianOf, show } from './measure.js';

const ROUNDS = 5;

export const bench: Bench = {
  describe: 'leader balance: how even, how many moves, how long, beside what other tools do with leaders alone (from objects to a plan)',
  run: async () => {
    let holds = await large();
    holds = (await growth()) && holds;
    await compare();
    return holds;
  },
};

/** 1,000,000 partitions on 1,000 brokers. */
async function large(): Promise<boolean> {
  console.log('\n1,000,000 partitions on 1,000 brokers');
  let holds = true;
  for (const kind of ['random', 'expand', 'skew', 'failover'] as const) {
    const cluster = makeCluster(kind, 1_000_000, 1_000);
    const input = process.memoryUsage().rss;
    if (kind === 'random') {
      solve(cluster, false);
      // The process's peak, which includes whatever making the input left behind.
      const peak = (process.resourceUsage().maxRSS * 1024 - input) / 1e6;
      holds = show(`${kind}: memory above the input`, { median: peak, samples: [peak] }, 'MB', { atMost: 350 }) && holds;
    }
    const { leaders, orders } = await alternate(
      {
        leaders: () => timeMs(() => solve(cluster, false)).then((ms) => ms / 1000),
        orders: () => timeMs(() => solve(cluster, true)).then((ms) => ms / 1000),
      },
      ROUNDS,
    );
    holds = show(`${kind}: goals 2 and 4, checked`, leaders, 's', { atMost: 2.5 }) && holds;
    holds = show(`${kind}: goals 2, 4 and 5, checked`, orders, 's', { atMost: 6 }) && holds;
  }
  return holds;
}

async function growth(): Promise<boolean> {
  console.log('\ngrowth (random): goals 2, 4 and 5, checked');
  let holds = true;
  for (const [partitions, brokers] of [
    [1_000, 10],
    [10_000, 30],
    [100_000, 100],
    [1_000_000, 1_000],
  ] as const) {
    const cluster = makeCluster('random', partitions, brokers);
    const { leaders, orders } = await alternate(
      { leaders: () => timeMs(() => solve(cluster, false)), orders: () => timeMs(() => solve(cluster, true)) },
      ROUNDS,
    );
    const name = `${partitions.toLocaleString('en')} on ${brokers.toLocaleString('en')}`;
    holds = show(`${name}: goals 2 and 4`, leaders, 'ms', partitions === 100_000 ? { atMost: 300 } : undefined) && holds;
    show(`${name}: goals 2, 4 and 5`, orders, 'ms');
  }
  return holds;
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

function qualityOf(instance: Instance, leader: Int32Array): Quality {
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
