import { defineConfig } from 'vitest/config';

/** The quick suites: they need npm alone. Real Kafka, other clients and the package have configurations of their own. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [
      'test/kafka/**',
      'test/mechanisms/**',
      'test/chaos/chaos.test.ts',
      'test/compatibility/**',
      'test/packaging/**',
      '**/node_modules/**',
    ],
    setupFiles: ['test/support/refuse-warnings.ts', 'test/support/property-seed.ts'],
    testTimeout: 20_000,
    // A file that leaves something behind makes another fail, which is one reason not to start a process for each; the other is time.
    isolate: false,
    // By itself vitest leaves one core free, which is half of two.
    maxWorkers: '100%',
    // Of the tests that say that they may run beside each other: e2e scripts, of several processes each.
    maxConcurrency: 3,
  },
});
