/** Measures whether memory stays flat during a run of many steps. */

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'vitest';

/** What is learned and kept in tables is there by then. */
const WARM_SHARE = 0.2;
/** A leak of ten bytes for each of a million frames is more. */
const MAX_GROWTH_BYTES = 8 * 1024 * 1024;

/** The memory in use after all garbage was collected: when the run is warm, and at its end. */
export class FlatMemory {
  readonly #warmSteps: number;
  #steps = 0;
  warmBytes = 0;
  endBytes = 0;

  constructor(steps: number) {
    this.#warmSteps = steps * WARM_SHARE;
  }

  /** So many steps have been done. */
  look(steps: number): void {
    if (this.#steps < this.#warmSteps && steps >= this.#warmSteps) this.warmBytes = usedBytes();
    this.#steps = steps;
  }

  expectFlat(): void {
    this.endBytes = usedBytes();
    expect(this.endBytes - this.warmBytes).toBeLessThan(MAX_GROWTH_BYTES);
  }
}

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

function usedBytes(): number {
  // The memory outside of the heap that the first collection finds is let go of by the second.
  collectGarbage();
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
