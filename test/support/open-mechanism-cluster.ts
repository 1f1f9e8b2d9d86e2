import { type BreakableCluster, configsOf, type FailureTimes } from './breakable-cluster.js';
import { startEmbedded } from './embedded-cluster.js';
import { startRealKafka } from './real-kafka.js';

/** The cluster that tests of mechanisms run on, and what tells one kind from another where they must differ. */
export interface MechanismCluster extends BreakableCluster {
  readonly times: FailureTimes;
  /** Eligible leader replicas (KIP-966), which Kafka has from 4.1. */
  readonly hasElr: boolean;
  /** DescribeCluster tells of brokers that are fenced (KIP-1073), from 4.1. */
  readonly listsFencedBrokers: boolean;
  /** When a test file is done with it. */
  readonly leave: () => Promise<void>;
}

/** The version of real Kafka that this run is against, or one of the two kinds of embedded cluster. */
const kind = process.env.CLUSTER ?? 'embedded';
/** Real Kafka takes seconds to start: the files that a worker runs share it. It ends when this process does. */
let realKafka: Promise<MechanismCluster> | undefined;

export function openMechanismCluster(): Promise<MechanismCluster> {
  if (kind === 'embedded' || kind === 'isolated') return openEmbedded(kind === 'isolated');
  realKafka ??= openRealKafka(kind);
  return realKafka;
}

async function openEmbedded(isolate: boolean): Promise<MechanismCluster> {
  // Processes that share few cores with others may stand still for a while.
  const times = isolate
    ? { sessionTimeoutMs: 3_000, heartbeatMs: 300, replicaLagMs: 1_500 }
    : { sessionTimeoutMs: 1_500, heartbeatMs: 150, replicaLagMs: 600 };
  const cluster = await startEmbedded({ isolate, configs: configsOf(times) });
  return { ...cluster, times, hasElr: true, listsFencedBrokers: true, leave: cluster.close };
}

async function openRealKafka(version: string): Promise<MechanismCluster> {
  const times = { sessionTimeoutMs: 4_000, heartbeatMs: 400, replicaLagMs: 1_500 };
  // What a broker asks of a controller that is paused, it asks another after this time.
  const configs = { ...configsOf(times), 'controller.socket.timeout.ms': '2000' };
  const cluster = await startRealKafka({ version, nodes: 3, configs });
  const isNew = !version.startsWith('3');
  return { ...cluster, times, hasElr: isNew, listsFencedBrokers: isNew, leave: async () => {} };
}
