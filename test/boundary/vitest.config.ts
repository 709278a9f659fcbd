/** The tests of `npm run test:boundary`: hosts of their own (network namespaces), wires between them, and captures of the wires. */

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/boundary/**/*.test.ts'],
    testTimeout: 1_800_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
});
