import { metadata } from '../src/protocol/messages/metadata.js';
import { produce } from '../src/protocol/messages/produce.js';
import { encodeBatch } from '../src/protocol/records/encode-batch.js';
import { type BreakableCluster, stillLeaders } from '../test/support/breakable-cluster.js';
import { startRealKafka } from '../test/support/real-kafka.js';
import { waitFor } from '../test/support/wait-for.js';
import type { Bench } from './bench.js';
import { besideKafka, startIsolated, startTogether, withoutKafka } from './clusters.js';
import { allDone, withAdmin } from './load.js';
import { alternate, show } from './measure.js';
import { openWire, type Wire } from './wire.js';

const sessionTimeoutMs = 3_000;
/** Kafka's default, and the embedded cluster's. */
const fetchTimeoutMs = 2_000;
/** Two voters that stand for election at once split the votes, and try again after it. */
const electionTimeoutMs = 1_000;
/** What an embedded cluster has by default; real Kafka is given the same. */
const configs = { ...stillLeaders, 'broker.session.timeout.ms': String(sessionTimeoutMs), 'broker.heartbeat.interval.ms': '500' };
/**
 * Nobody refuses a connection in its place, so it is missed only after the quorum's fetch timeout; and the controller that follows gives
 * every broker a whole session before it fences it, as Kafka's does.
 */
const pausedAtMostMs = fetchTimeoutMs + electionTimeoutMs + sessionTimeoutMs + 500;
const ledPartitions = 100;
const metadataVersion = 9;
const produceVersion = 12;
/** All led by the first broker. */
const topic = 'bench-failover';
const topicLedBy = (broker: number): string => `${topic}-by-${broker}`;

/**
 * A leader is killed while a record at a time is written with acks=all: the time from the kill to the next acknowledgement; the same of a
 * leader that is the active controller too, and of one that is paused, as SIGSTOP does. And a broker that leads a hundred partitions is shut down in order: the time until another
 * broker shows other leaders for all of them.
 */
export const bench: Bench = {
  describe: `three brokers that lose one, session timeout ${sessionTimeoutMs} ms${besideKafka(3)}`,
  run: async () => {
    const clusters: BreakableCluster[] = [];
    try {
      clusters.push(await startTogether(configs), await startIsolated(configs));
      if (!withoutKafka) clusters.push(await startRealKafka({ version: '4.3.1', nodes: 3, configs }));
      for (const cluster of clusters) await createTopics(cluster);
      const cases: Record<string, () => Promise<number>> = {};
      for (const cluster of clusters) cases[`${cluster.name}: killed leader`] = () => killLeader(cluster, { isController: false });
      for (const cluster of clusters)
        cases[`${cluster.name}: killed leader and controller`] = () => killLeader(cluster, { isController: true });
      for (const cluster of clusters) cases[`${cluster.name}: paused leader and controller`] = () => pauseController(cluster);
      for (const cluster of clusters) cases[`${cluster.name}: ${ledPartitions} leaders handed over`] = () => shutDownLeader(cluster);
      let holds = true;
      for (const [name, figure] of Object.entries(await alternate(cases, 5))) {
        const isOurs = name.startsWith('embedded');
        const atMost = name.includes('paused') ? pausedAtMostMs : name.includes('killed') ? sessionTimeoutMs + 500 : 100;
        holds = show(name, figure, 'ms', isOurs ? { atMost } : undefined) && holds;
      }
      return holds;
    } finally {
      for (const cluster of clusters) await cluster.close();
    }
  },
};

/** All partitions of a topic have the same replicas, so that one broker leads them all. */
function createTopics(cluster: BreakableCluster): Promise<unknown> {
  const brokers = [...cluster.addresses.keys()];
  const configs = { 'min.insync.replicas': '2' };
  const newTopics = [
    { topic, assignments: Array.from({ length: ledPartitions }, () => brokers), configs },
    ...brokers.map((leader) => ({ topic: topicLedBy(leader), assignments: [[leader, ...brokers.filter((id) => id !== leader)]], configs })),
  ];
  return withAdmin(cluster.bootstrapServers, async (admin) => allDone(await admin.createTopics(newTopics)));
}

async function killLeader(cluster: BreakableCluster, { isController }: { readonly isController: boolean }): Promise<number> {
  const { leader: controller } = await withAdmin(cluster.bootstrapServers, (admin) => admin.describeQuorum());
  const leader = isController ? controller : otherThan(cluster, controller);
  const topic = topicLedBy(leader);
  await untilLedBy(cluster, topic, leader);
  const send = (to: Wire) => sendRecord(to, topic);
  const survivor = await openWire(addressOf(cluster, otherThan(cluster, leader)));
  let wire = await openWire(addressOf(cluster, leader));
  // Real Kafka shows a leader a little before it takes records.
  const takesRecords = () =>
    send(wire).then(
      () => true,
      () => false,
    );
  await waitFor(takesRecords, () => `broker ${leader} takes no records`, { deadlineMs: 10_000 });
  const killed = performance.now();
  await cluster.kill(leader);
  for (;;) {
    try {
      await send(wire);
      break;
    } catch {
      // Whatever it was that failed: who leads now?
      wire.close();
      const next = (await viewOf(survivor, topic))[0]?.leaderId ?? -1;
      if (next < 0 || next === leader) await new Promise((resolve) => setTimeout(resolve, 5));
      wire = await openWire(addressOf(cluster, next < 0 || next === leader ? otherThan(cluster, leader) : next));
    }
  }
  const elapsedMs = performance.now() - killed;
  wire.close();
  survivor.close();
  await cluster.restart(leader);
  return elapsedMs;
}

async function pauseController(cluster: BreakableCluster): Promise<number> {
  const { leader } = await withAdmin(cluster.bootstrapServers, (admin) => admin.describeQuorum());
  const topic = topicLedBy(leader);
  await untilLedBy(cluster, topic, leader);
  const survivor = await openWire(addressOf(cluster, otherThan(cluster, leader)));
  const begun = performance.now();
  await cluster.pause(leader);
  while (!(await isWritten(cluster, survivor, topic, leader))) await new Promise((resolve) => setTimeout(resolve, 5));
  const elapsedMs = performance.now() - begun;
  survivor.close();
  await cluster.resume(leader);
  return elapsedMs;
}

/** Whether another broker leads the partition and acknowledges a record. */
async function isWritten(cluster: BreakableCluster, survivor: Wire, topic: string, paused: number): Promise<boolean> {
  const next = (await viewOf(survivor, topic))[0]?.leaderId ?? -1;
  if (next < 0 || next === paused) return false;
  const wire = await openWire(addressOf(cluster, next));
  try {
    await sendRecord(wire, topic);
    return true;
  } catch {
    return false;
  } finally {
    wire.close();
  }
}

async function shutDownLeader(cluster: BreakableCluster): Promise<number> {
  const [leader] = [...cluster.addresses.keys()] as [number];
  await untilLedBy(cluster, topic, leader);
  const survivor = await openWire(addressOf(cluster, otherThan(cluster, leader)));
  const begun = performance.now();
  const ended = cluster.shutDown(leader);
  while ((await viewOf(survivor, topic)).some(({ leaderId }) => leaderId === leader || leaderId < 0)) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const elapsedMs = performance.now() - begun;
  survivor.close();
  await ended;
  await cluster.restart(leader);
  return elapsedMs;
}

/** Has the first replica lead all partitions of the topic, all replicas in sync. */
async function untilLedBy(cluster: BreakableCluster, topic: string, leader: number): Promise<void> {
  const wire = await openWire(addressOf(cluster, leader));
  const view = await viewOf(wire, topic);
  const isFull = async () => (await viewOf(wire, topic)).every(({ isrNodes }) => isrNodes.length === cluster.addresses.size);
  await waitFor(isFull, () => 'some replica is not in sync', { deadlineMs: 60_000 });
  await withAdmin(cluster.bootstrapServers, (admin) =>
    admin.electLeaders(
      'preferred',
      view.map(({ partitionIndex: partition }) => ({ topic, partition })),
    ),
  );
  const isLed = async () => (await viewOf(wire, topic)).every(({ leaderId }) => leaderId === leader);
  await waitFor(isLed, () => `broker ${leader} does not lead all`, { deadlineMs: 60_000 });
  wire.close();
}

async function viewOf(wire: Wire, topic: string) {
  const { topics } = await wire.request(metadata, metadataVersion, { topics: [{ name: topic }] });
  const { partitions = [] } = topics[0] ?? {};
  if (partitions.length === 0) throw new Error(`${topic} is not there`);
  return [...partitions].sort((a, b) => a.partitionIndex - b.partitionIndex);
}

async function sendRecord(wire: Wire, topic: string): Promise<void> {
  const records = encodeBatch([{ timestampMs: Date.now(), key: null, value: Buffer.alloc(1024, 'a') }]);
  const { responses } = await wire.request(produce, produceVersion, {
    transactionalId: null,
    acks: -1,
    timeoutMs: 10_000,
    topicData: [{ name: topic, partitionData: [{ index: 0, records }] }],
  });
  const errorCode = responses[0]?.partitionResponses[0]?.errorCode;
  if (errorCode !== 0) throw new Error(`Produce answered ${errorCode}`);
}

function addressOf({ addresses }: BreakableCluster, broker: number) {
  const address = addresses.get(broker);
  if (address === undefined) throw new Error(`there is no broker ${broker}`);
  return address;
}

const otherThan = ({ addresses }: BreakableCluster, broker: number): number => [...addresses.keys()].find((id) => id !== broker) as number;
