import { defineConfig } from 'vitest/config';

/** Other clients on the embedded cluster, each first on real Kafka: what differs fails. Needs kcat, Java and mvn. */
export default defineConfig({
  test: {
    include: ['test/compatibility/**/*.test.ts'],
    globalSetup: ['test/compatibility/judge.setup.ts'],
    setupFiles: ['test/support/refuse-warnings.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    maxWorkers: '100%',
  },
});
