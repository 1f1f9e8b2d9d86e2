import type { TestProject } from 'vitest/node';
import { stillLeaders } from '../support/breakable-cluster.js';
import { buildProduct } from '../support/build-product.js';
import { newestKafka } from '../support/kafka-versions.js';
import { makeInternalTopics } from '../support/make-internal-topics.js';
import { type SecuredKafka, startRealKafka } from '../support/real-kafka.js';

interface StartedCluster {
  readonly clusterId: string;
  readonly bootstrapServers: string;
  readonly secured?: SecuredKafka | null;
  readonly close: () => Promise<void>;
}

/**
 * Starts the clusters that a run needs: of real Kafka, whose version is vitest's mode, such as `--mode 4.3.1`; with `--mode embedded`
 * embedded ones, of which the same is expected as of the newest Kafka.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const kind = project.vitest.config.env.KAFKA_VERSION!;
  const isEmbedded = kind === 'embedded';
  const start = isEmbedded ? await embeddedStarter() : (nodes: number) => startRealKafka({ version: kind, nodes, secured: true });
  const clusters = await Promise.all([1, 3].map(start));
  const [single, three] = clusters.map(({ clusterId, bootstrapServers, secured = null }: StartedCluster) => ({
    clusterId,
    bootstrapServers,
    secured,
  }));
  if (!isEmbedded) await makeInternalTopics(three!.bootstrapServers);
  project.provide('kafka', { version: isEmbedded ? newestKafka : kind, isEmbedded, single: single!, three: three! });
  return async () => {
    await Promise.all(clusters.map((cluster) => cluster.close()));
  };
}

/** From the built library, as users get it. */
async function embeddedStarter(): Promise<(brokers: number) => Promise<StartedCluster>> {
  await buildProduct();
  const built = new URL('../../dist/index.js', import.meta.url).href;
  const { EmbeddedCluster } = (await import(built)) as typeof import('../../src/index.js');
  const racks = (brokers: number) => ['r1', 'r2', 'r1'].slice(0, brokers);
  return (brokers) => EmbeddedCluster.start({ brokers, racks: racks(brokers), config: stillLeaders });
}
