import { defineConfig } from 'vitest/config';

/** The quick suites: they need npm alone. Real Kafka and other clients have their own configurations. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/kafka/**', 'test/compatibility/**', '**/node_modules/**'],
    testTimeout: 20_000,
  },
});
