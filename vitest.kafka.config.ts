import { defineConfig } from 'vitest/config';

/** The suites on real Apache Kafka, whose version is the mode: `vitest run --config vitest.kafka.config.ts --mode 4.3.1`. */
export default defineConfig(({ mode }) => ({
  test: {
    include: ['test/kafka/**/*.test.ts', 'test/e2e/shared.test.ts'],
    globalSetup: ['test/kafka/clusters.setup.ts'],
    setupFiles: ['test/support/refuse-warnings.ts'],
    env: { KAFKA_VERSION: mode },
    // The scripts of test/e2e have the cluster of one node to themselves; what test/kafka does on that of three runs beside them.
    testTimeout: 60_000,
  },
}));
