import type { TestProject } from 'vitest/node';
import { type RealKafka, startRealKafka } from '../support/real-kafka.js';

/** Starts the clusters of real Kafka that a run needs; its version is vitest's mode, such as `--mode 4.3.1`. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const version = project.vitest.config.env.KAFKA_VERSION!;
  const clusters = await Promise.all([1, 3].map((nodes) => startRealKafka({ version, nodes })));
  const [single, three] = clusters.map(({ clusterId, bootstrapServers }: RealKafka) => ({ clusterId, bootstrapServers }));
  project.provide('kafka', { version, single: single!, three: three! });
  return async () => {
    await Promise.all(clusters.map((cluster) => cluster.close()));
  };
}
