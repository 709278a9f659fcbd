/** Random draws for benchmarks: xoshiro128** of Blackman and Vigna (2021), many at a time, the same for the same seed. */

export class RandomDraws {
  readonly #state: Uint32Array;
  readonly #single = new Uint32Array(1);

  constructor(seed: number) {
    this.#state = Uint32Array.of(0x9e3779b9, 0x243f6a88, 0xb7e15162, seed);
    this.fill(new Uint32Array(64));
  }

  /** Fills with numbers uniform in [0, 2^32). */
  fill(draws: Uint32Array): void {
    let [a, b, c, d] = this.#state;
    for (let at = 0; at < draws.length; at++) {
      const scrambled = Math.imul(b, 5);
      draws[at] = Math.imul((scrambled << 7) | (scrambled >>> 25), 9);
      const shifted = b << 9;
      c ^= a;
      d ^= b;
      b ^= c;
      a ^= d;
      c ^= shifted;
      d = (d << 11) | (d >>> 21);
    }
    this.#state.set([a, b, c, d]);
  }

  /** Uniform in [0, 1). */
  uniform(): number {
    this.fill(this.#single);
    return this.#single[0] / 2 ** 32;
  }

  /** One of the choices, all equally likely. */
  pick<T>(choices: readonly T[]): T {
    return choices[Math.floor(this.uniform() * choices.length)];
  }
}

/** 4,096 draws of a normal distribution with mean 0 and deviation 1 (sums of six): an index of 12 bits draws one. */
export function normalTable(draws: RandomDraws): Float32Array {
  return Float32Array.from({ length: 4_096 }, () => {
    let sum = 0;
    for (let term = 0; term < 6; term++) sum += draws.uniform();
    return (sum - 3) * Math.SQRT2;
  });
}
