/** The tests of `npm run test:interop`: our drivers against programs that others wrote, over real transports. */

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['test/interop/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000, fileParallelism: false },
});
