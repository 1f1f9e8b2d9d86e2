import type { TestProject } from 'vitest/node';
import { buildProduct } from '../support/build-product.js';
import { newestKafka } from '../support/kafka-versions.js';
import { startRealKafka } from '../support/real-kafka.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Three nodes of Apache Kafka, by which three embedded brokers are judged. */
    judge: { readonly version: string; readonly bootstrapServers: string };
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [kafka] = await Promise.all([startRealKafka({ version: newestKafka, nodes: 3 }), buildProduct()]);
  project.provide('judge', { version: kafka.version, bootstrapServers: kafka.bootstrapServers });
  return () => kafka.close();
}
