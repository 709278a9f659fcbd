/** Strings that have each one index, so that columns can hold and compare them as numbers. */

export class StringTable {
  readonly strings: string[] = [];
  readonly #indices = new Map<string, number>();

  indexOf(text: string): number {
    let index = this.#indices.get(text);
    if (index === undefined) {
      index = this.strings.push(text) - 1;
      this.#indices.set(text, index);
    }
    return index;
  }

  /** Negative, 0 or positive, as the first of two strings comes before, is, or comes after the second in code units. */
  compare(a: number, b: number): number {
    if (a === b) return 0;
    return this.strings[a] < this.strings[b] ? -1 : 1;
  }
}
