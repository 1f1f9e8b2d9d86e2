import type { Bench } from './bench.js';
import { type BenchCluster, besideKafka, startEmbedded, startKafka } from './clusters.js';
import { percentileOf, topicLoad, withLoadClient } from './load.js';
import { alternate, type Figure, type Limit, medianOf, show } from './measure.js';

/** Of one throughput sample: some seconds. */
const records = 200_000;
/** Of one latency sample. */
const latencyRecords = 1_000;
const brokers = 3;
/** A leader on each broker. */
const replicated = { partitionCount: 3, replicationFactor: 3, configs: { 'min.insync.replicas': '2' } };
const single = { partitionCount: 3, replicationFactor: 1 };

const limits: Readonly<Record<string, Limit>> = {
  'acks=all': { atLeast: 60 },
  'acks=1': { atLeast: 60 },
  'RF 1 acks=1': { atLeast: 150 },
  fetch: { atLeast: 300 },
  'acks=all p99': { atMost: 10 },
};

/**
 * Three brokers, three partitions with three replicas, min.insync.replicas=2: records of 1 KiB in batches of 400 KiB, five requests in
 * flight to each leader; and one record at a time. After acks=1 all ISRs must be full at once, and what was acknowledged is read back.
 */
export const bench: Bench = {
  describe: `three brokers that replicate, in one process and with --isolate${besideKafka(brokers)}`,
  run: () =>
    withLoadClient(async () => {
      const clusters = new Map<string, BenchCluster>();
      try {
        clusters.set('kafka-ts', await startEmbedded(brokers));
        clusters.set('kafka-ts --isolate', await startEmbedded(brokers, '--isolate'));
        const kafka = await startKafka(brokers);
        if (kafka !== null) clusters.set('Kafka', kafka);
        return await measure(clusters);
      } finally {
        for (const cluster of clusters.values()) await cluster.close();
      }
    }),
};

async function measure(clusters: ReadonlyMap<string, BenchCluster>): Promise<boolean> {
  const cases: Record<string, () => Promise<number>> = {};
  const p50 = new Map<string, number[]>();
  const leastIsr = new Map<string, number[]>();
  for (const [name, { bootstrapServers }] of clusters) {
    const load = topicLoad(bootstrapServers, 'rf3', replicated, records);
    const singleLoad = topicLoad(bootstrapServers, 'rf1', single, records);
    const halves: number[] = [];
    const isrs: number[] = [];
    p50.set(name, halves);
    leastIsr.set(name, isrs);
    Object.assign(cases, {
      [`${name}: acks=all`]: () => load.produce(-1),
      [`${name}: fetch`]: load.fetch,
      [`${name}: acks=1`]: async () => {
        const throughput = await load.produce(1);
        isrs.push(await load.leastIsr());
        await load.fetch();
        return throughput;
      },
      [`${name}: RF 1 acks=1`]: async () => {
        const throughput = await singleLoad.produce(1);
        await singleLoad.fetch();
        return throughput;
      },
      [`${name}: acks=all p99`]: async () => {
        const samplesMs = await load.latency(-1, latencyRecords);
        halves.push(percentileOf(samplesMs, 0.5));
        return percentileOf(samplesMs, 0.99);
      },
    });
  }
  const figures = await alternate(cases, 5);
  let holds = true;
  for (const [name, figure] of Object.entries(figures)) {
    const [cluster, what] = name.split(': ') as [string, string];
    const isTime = what.endsWith('p99');
    if (isTime) show(`${cluster}: acks=all p50`, figureOf(p50.get(cluster)), 'ms');
    holds = show(name, figure, isTime ? 'ms' : 'MB/s', cluster === 'Kafka' ? undefined : limits[what]) && holds;
    if (what === 'acks=1') {
      holds = show(`${cluster}: ISR after acks=1`, figureOf(leastIsr.get(cluster)), 'replicas', { atLeast: brokers }) && holds;
    }
  }
  return holds;
}

/** The first round does not count here either. */
function figureOf(all: readonly number[] = []): Figure {
  const samples = all.slice(1);
  return { median: medianOf(samples), samples };
}
