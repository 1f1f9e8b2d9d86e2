import { defineConfig } from 'vitest/config';

/** What `npm install` and the packed package leave behind, and pages in the browser. Needs the package registry and Chromium. */
export default defineConfig({
  test: {
    include: ['test/packaging/**/*.test.ts'],
    setupFiles: ['test/support/refuse-warnings.ts'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    maxWorkers: '100%',
  },
});
