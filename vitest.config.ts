/** The tests of `npm test`; those that take minutes have a configuration of their own (`test/crash`, `test/interop`, `test/boundary`). */

import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Some four hundred processes of the product are started: each finds what the ones before it have compiled. */
const { NODE_COMPILE_CACHE = join(import.meta.dirname, 'node_modules/.cache/compiled') } = process.env;
Object.assign(process.env, { NODE_COMPILE_CACHE });

/** Tests of whole processes take longest: one that begins last has the other workers wait for it. */
class ProcessesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isOfPackage = ({ moduleId }: TestSpecification) => moduleId.includes('/packages/');
    return [...sorted.filter((file) => !isOfPackage(file)), ...sorted.filter(isOfPackage)];
  }
}

export default defineConfig({
  test: {
    include: ['packages/*/src/**/*.test.ts', 'apps/*/src/**/*.test.ts', 'examples/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'test/crash/**', 'test/interop/**', 'test/boundary/**'],
    // The flow and browser tests start real processes: they take seconds, never minutes.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // One more than two cores can run at once, because many tests wait: for a device, a clock or another process.
    maxWorkers: 3,
    sequence: { sequencer: ProcessesFirst },
  },
});
