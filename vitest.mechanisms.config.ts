import { configDefaults, defineConfig } from 'vitest/config';

/**
 * The mechanisms of a cluster whose brokers fail, one file each. The mode is the cluster: a version of real Apache Kafka
 * (`--mode 4.3.1`), `embedded`, or `isolated` for embedded brokers in processes of their own.
 */
export default defineConfig(({ mode }) => {
  const cluster = mode === 'test' ? 'embedded' : mode;
  return {
    test: {
      include: ['test/mechanisms/**/*.test.ts'],
      // Kafka 3 knows no eligible leader replicas.
      exclude: [...configDefaults.exclude, ...(cluster.startsWith('3') ? ['test/mechanisms/elr.test.ts'] : [])],
      setupFiles: ['test/support/refuse-warnings.ts'],
      env: { CLUSTER: cluster },
      // The files of a worker work on one cluster, one after the other. They wait for most of their time, but for those of many processes.
      isolate: false,
      maxWorkers: cluster === 'isolated' ? 1 : 2,
      testTimeout: 90_000,
    },
  };
});
