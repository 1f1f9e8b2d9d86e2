import { Kafka, logLevel } from 'kafkajs';
import { inject } from 'vitest';
import { stillLeaders } from './breakable-cluster.js';
import type { SecuredKafka } from './real-kafka.js';
import { waitFor } from './wait-for.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** The clusters of real Kafka that this run has started, or embedded ones that stand for them; absent in `npm test`. */
    kafka: { readonly version: string; readonly isEmbedded: boolean; readonly single: RealCluster; readonly three: RealCluster };
  }
}
export interface RealCluster {
  readonly clusterId: string;
  readonly bootstrapServers: string;
  /** Null for embedded ones, which have no security. */
  readonly secured: SecuredKafka | null;
}

/** The version of real Kafka that this run is against; undefined where that is the embedded cluster. */
export const kafkaVersion: string | undefined = inject('kafka')?.version;

/** The cluster of one broker that tests of both kinds run on, one after the other. */
export interface SharedCluster {
  readonly bootstrapServers: string;
  /** Of real Kafka alone. */
  readonly secured: SecuredKafka | null;
  /** Every topic that is not internal is gone from the broker's metadata when this resolves. */
  readonly deleteAllTopics: () => Promise<void>;
  /** Another cluster, of three brokers, whose topics stay. */
  readonly three: () => Promise<{ readonly bootstrapServers: string }>;
  readonly close: () => Promise<void>;
}

export async function openSharedCluster(): Promise<SharedCluster> {
  const real = inject('kafka');
  if (real) {
    const { bootstrapServers, secured } = real.single;
    return { ...(await withAdmin(bootstrapServers, async () => {})), secured, three: async () => real.three };
  }
  // What users get: the built library, not the sources.
  const built = new URL('../../dist/index.js', import.meta.url).href;
  const { EmbeddedCluster } = (await import(built)) as typeof import('../../src/index.js');
  const cluster = await EmbeddedCluster.start({ brokers: 1, config: stillLeaders });
  let three: ReturnType<typeof EmbeddedCluster.start> | undefined;
  const close = async () => {
    await cluster.close();
    await (await three)?.close();
  };
  return {
    ...(await withAdmin(cluster.bootstrapServers, close)),
    secured: null,
    three: () => {
      // As the nodes of real Kafka.
      three ??= EmbeddedCluster.start({ brokers: 3, racks: ['r1', 'r2', 'r1'], config: stillLeaders });
      return three;
    },
  };
}

/** kafkajs deletes, since what is tested should not clean up after itself. */
async function withAdmin(bootstrapServers: string, closeCluster: () => Promise<void>): Promise<Omit<SharedCluster, 'three' | 'secured'>> {
  const admin = new Kafka({ brokers: bootstrapServers.split(','), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const listTopics = async () => (await admin.listTopics()).filter((topic) => !topic.startsWith('__'));
  return {
    bootstrapServers,
    deleteAllTopics: async () => {
      const topics = await listTopics();
      if (topics.length > 0) await admin.deleteTopics({ topics });
      await waitFor(
        async () => (await listTopics()).length === 0,
        () => 'topics of an earlier script are still there',
      );
    },
    close: async () => {
      await admin.disconnect();
      await closeCluster();
    },
  };
}
