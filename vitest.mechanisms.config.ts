import { defineConfig } from 'vitest/config';

/** The mechanisms of a cluster whose brokers fail, on real Apache Kafka, whose version is the mode: `--mode 4.3.1`. */
export default defineConfig(({ mode }) => ({
  test: {
    include: ['test/mechanisms/**/*.test.ts'],
    setupFiles: ['test/support/refuse-warnings.ts'],
    env: { KAFKA_VERSION: mode },
    // The files work on one cluster, one after the other.
    isolate: false,
    maxWorkers: 1,
    testTimeout: 90_000,
  },
}));
