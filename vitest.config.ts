/** The tests of `npm test`; those that take minutes have a configuration of their own (`test/crash`, `test/interop`, `test/boundary`). */

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['packages/*/src/**/*.test.ts', 'apps/*/src/**/*.test.ts', 'examples/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'test/crash/**', 'test/interop/**', 'test/boundary/**'],
    // The flow and browser tests start real processes: they take seconds, never minutes.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
