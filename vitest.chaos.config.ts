import { defineConfig } from 'vitest/config';

/** Other people's producers write while brokers fail, on the cluster that is the mode: a version of Apache Kafka (`--mode 4.3.1`) or `isolated`. Needs kcat, Java and mvn. */
export default defineConfig(({ mode }) => ({
  test: {
    include: ['test/chaos/chaos.test.ts'],
    setupFiles: ['test/support/refuse-warnings.ts'],
    env: { CLUSTER: mode === 'test' ? 'isolated' : mode },
  },
}));
