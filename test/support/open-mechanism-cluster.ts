import { type BreakableCluster, configsOf, type FailureTimes } from './breakable-cluster.js';
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

/** The version of real Kafka that this run is against. */
const version = process.env.KAFKA_VERSION;
/** It takes seconds to start: the files of a run share it. It ends when this process does. */
let realKafka: Promise<MechanismCluster> | undefined;

export function openMechanismCluster(): Promise<MechanismCluster> {
  if (version === undefined) throw new Error('the embedded cluster has one broker');
  realKafka ??= openRealKafka(version);
  return realKafka;
}

async function openRealKafka(ofVersion: string): Promise<MechanismCluster> {
  const times = { sessionTimeoutMs: 4_000, heartbeatMs: 400, replicaLagMs: 1_500 };
  const cluster = await startRealKafka({ version: ofVersion, nodes: 3, configs: configsOf(times) });
  const isNew = !ofVersion.startsWith('3');
  return { ...cluster, times, hasElr: isNew, listsFencedBrokers: isNew, leave: async () => {} };
}
