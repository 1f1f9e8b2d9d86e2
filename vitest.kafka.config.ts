import { configDefaults, defineConfig } from 'vitest/config';

/** The embedded cluster is not Apache Kafka, and has no transactions, no users and no TLS. */
const onKafkaAlone = ['test/kafka/identity.test.ts', 'test/kafka/hanging-transactions.test.ts', 'test/kafka/security.test.ts'];

/**
 * The suites on real Apache Kafka, whose version is the mode: `vitest run --config vitest.kafka.config.ts --mode 4.3.1`. With
 * `--mode embedded` what holds of the newest is asked of embedded clusters.
 */
export default defineConfig(({ mode }) => ({
  test: {
    include: mode === 'embedded' ? ['test/kafka/**/*.test.ts'] : ['test/kafka/**/*.test.ts', 'test/e2e/{shared,three}.test.ts'],
    exclude: [...configDefaults.exclude, ...(mode === 'embedded' ? onKafkaAlone : [])],
    globalSetup: ['test/kafka/clusters.setup.ts'],
    setupFiles: ['test/support/refuse-warnings.ts'],
    env: { KAFKA_VERSION: mode },
    // The scripts of test/e2e have the cluster of one node to themselves; what test/kafka does on that of three runs beside them.
    testTimeout: 60_000,
    maxWorkers: '100%',
  },
}));
