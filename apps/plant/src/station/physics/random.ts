/** Random numbers that are the same for the same seed and name: every part of the station has a stream of its own. */

/** Four draws of a byte have this standard deviation: each has (256^2 - 1) / 12. */
const FOUR_BYTES_DEVIATION = Math.sqrt((4 * (256 * 256 - 1)) / 12);
const FOUR_BYTES_MEAN = 4 * 127.5;

/**
 * The generator sfc32 (C. Doty-Humphrey, PractRand), seeded by a seed and the name of what draws from it, so that a part
 * that is added draws nothing from the others.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number, name: string) {
    // FNV-1a over the name.
    let hash = 0x811c9dc5;
    for (let index = 0; index < name.length; index++) hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
    this.#a = seed | 0;
    this.#b = hash | 0;
    this.#c = Math.floor(seed / 2 ** 32) | 0;
    for (let round = 0; round < 12; round++) this.#next();
  }

  /** Evenly spread over 0 (inclusive) to 1 (exclusive). */
  uniform(): number {
    return (this.#next() >>> 0) / 2 ** 32;
  }

  /** Mean 0, standard deviation 1, within 3.5: the sum of four bytes of one draw, which is cheap and close to normal. */
  normal(): number {
    const bits = this.#next();
    const sum = (bits & 0xff) + ((bits >>> 8) & 0xff) + ((bits >>> 16) & 0xff) + (bits >>> 24);
    return (sum - FOUR_BYTES_MEAN) / FOUR_BYTES_DEVIATION;
  }

  #next(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    this.#c |= 0;
    return sum;
  }
}
