import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 30_000,
    // The first of all fetches the shared servers, and builds one.
    hookTimeout: 600_000,
    maxWorkers: 2,
  },
});
