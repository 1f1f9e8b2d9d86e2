import { Kafka, logLevel } from 'kafkajs';
import { inject } from 'vitest';
import type { EmbeddedCluster } from '../../src/index.js';
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
  readonly close: () => Promise<void>;
}
/** A cluster of three brokers, whose topics stay. */
export type ThreeBrokers = Pick<SharedCluster, 'bootstrapServers' | 'close'>;

export async function openSharedCluster(): Promise<SharedCluster> {
  const real = inject('kafka')?.single;
  if (real) return { ...(await withAdmin(real.bootstrapServers, async () => {})), secured: real.secured };
  const cluster = await startBuilt(['r1']);
  return { ...(await withAdmin(cluster.bootstrapServers, () => cluster.close())), secured: null };
}

export async function openThreeBrokers(): Promise<ThreeBrokers> {
  const real = inject('kafka')?.three;
  if (real) return { bootstrapServers: real.bootstrapServers, close: async () => {} };
  return startBuilt(['r1', 'r2', 'r1']);
}

/** A broker for each rack, with the racks of real Kafka's nodes: from the built library, as users get it. */
async function startBuilt(racks: readonly string[]): Promise<EmbeddedCluster> {
  const built = new URL('../../dist/index.js', import.meta.url).href;
  const library = (await import(built)) as typeof import('../../src/index.js');
  return library.EmbeddedCluster.start({ brokers: racks.length, racks, config: stillLeaders });
}

/** kafkajs deletes, since what is tested should not clean up after itself. */
async function withAdmin(bootstrapServers: string, closeCluster: () => Promise<void>): Promise<Omit<SharedCluster, 'secured'>> {
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
