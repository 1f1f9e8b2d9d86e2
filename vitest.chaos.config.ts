import { defineConfig } from 'vitest/config';

/** Other people's producers write while brokers fail, on real Apache Kafka, whose version is the mode: `--mode 4.3.1`. Needs kcat, Java and mvn. */
export default defineConfig(({ mode }) => ({
  test: {
    include: ['test/chaos/chaos.test.ts'],
    setupFiles: ['test/support/refuse-warnings.ts'],
    env: { KAFKA_VERSION: mode },
  },
}));
