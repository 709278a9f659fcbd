/** From a gateway's tag number to this server's tag index: an array for the small numbers, a map for the others. */

/** Gateways count their tags from 0; a number beyond this is lawful and would cost an array of its size. */
const DENSE_NUMBERS = 2 ** 22;
const INITIAL_NUMBERS = 256;
const ABSENT = 0xffffffff;

export class NumberMap {
  #dense = new Uint32Array(INITIAL_NUMBERS).fill(ABSENT);
  readonly #sparse = new Map<number, number>();

  get(number: number): number | undefined {
    if (number >= DENSE_NUMBERS) return this.#sparse.get(number);
    const index = number < this.#dense.length ? this.#dense[number] : ABSENT;
    return index === ABSENT ? undefined : index;
  }

  set(number: number, index: number): void {
    if (number >= DENSE_NUMBERS) {
      this.#sparse.set(number, index);
      return;
    }
    if (number >= this.#dense.length) {
      const dense = new Uint32Array(number + 1 + (number >>> 1)).fill(ABSENT);
      dense.set(this.#dense);
      this.#dense = dense;
    }
    this.#dense[number] = index;
  }

  delete(number: number): void {
    if (number >= DENSE_NUMBERS) this.#sparse.delete(number);
    else if (number < this.#dense.length) this.#dense[number] = ABSENT;
  }

  /** Writes the index of each of the first `count` numbers; false where one has none. */
  translate(numbers: Uint32Array, count: number, indexes: Uint32Array): boolean {
    const dense = this.#dense;
    for (let row = 0; row < count; row++) {
      const number = numbers[row];
      const index = number < dense.length ? dense[number] : (this.get(number) ?? ABSENT);
      if (index === ABSENT) return false;
      indexes[row] = index;
    }
    return true;
  }

  /** Those of the first `count` numbers that have no index, each once. */
  missing(numbers: Uint32Array, count: number): readonly number[] {
    const missing = new Set<number>();
    for (let row = 0; row < count; row++) if (this.get(numbers[row]) === undefined) missing.add(numbers[row]);
    return [...missing];
  }
}
