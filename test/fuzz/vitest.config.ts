/** The tests of `npm run test:fuzz`: those of `npm test`, with a million frames for each protocol. */

import { defineConfig } from 'vitest/config';

const { FUZZ_FRAMES = '1000000' } = process.env;

export default defineConfig({
  test: { include: ['test/fuzz/**/*.test.ts'], env: { FUZZ_FRAMES } },
});
