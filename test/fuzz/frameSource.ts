/** The mutated frames of one run, one after the other: half of them as they are, half repaired. */

import { mutated } from './mutator.ts';
import type { Random } from './random.ts';
import type { Repair } from './repair/repair.ts';

export class FrameSource {
  readonly #seeds: readonly Uint8Array[];
  readonly #repair: Repair;
  readonly #random: Random;
  /** How many frames there have been. */
  count = 0;
  /** The latest, for messages. */
  latest: Uint8Array = new Uint8Array(0);

  constructor(seeds: readonly Uint8Array[], repair: Repair, random: Random) {
    this.#seeds = seeds;
    this.#repair = repair;
    this.#random = random;
  }

  /** At least one byte. `request` is what they come in answer to. */
  next(request?: Uint8Array): Uint8Array {
    this.count++;
    const bytes = mutated(this.#seeds, this.#random);
    const repaired = this.#random.oneIn(2) ? this.#repair(bytes, this.#random, request) : bytes;
    this.latest = repaired.length === 0 ? Uint8Array.of(this.#random.below(256)) : repaired;
    return this.latest;
  }
}
