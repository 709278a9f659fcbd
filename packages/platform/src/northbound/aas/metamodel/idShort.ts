/** Short names as the metamodel allows them, made of names as a plant has them. */

/** AASd-002 of metamodel 3.0 and 3.1 together: letters, digits and `_`, a letter first, two at least. */
const FOREIGN = /[^A-Za-z0-9]+/g;
const MAX_ID_SHORT_LENGTH = 128;
const LEAST_ID_SHORT_LENGTH = 2;

/** `drive-end-vibration` becomes `drive_end_vibration`; what does not begin with a letter gets an `n` before it. */
export function idShortOf(name: string): string {
  const cleaned = name.replaceAll(FOREIGN, '_').replace(/_+$/, '');
  const begun = /^[A-Za-z]/.test(cleaned) ? cleaned : `n${cleaned}`;
  return begun.slice(0, MAX_ID_SHORT_LENGTH).padEnd(LEAST_ID_SHORT_LENGTH, '_');
}

/** Names of siblings, each of which must be another one (AASd-022); a second of the same name gets `_2` behind it. */
export class SiblingNames {
  readonly #taken: Set<string>;

  constructor(taken: readonly string[] = []) {
    this.#taken = new Set(taken);
  }

  take(name: string): string {
    const wanted = idShortOf(name);
    let free = wanted;
    for (let count = 2; this.#taken.has(free); count++) {
      const suffix = `_${count}`;
      free = `${wanted.slice(0, MAX_ID_SHORT_LENGTH - suffix.length)}${suffix}`;
    }
    this.#taken.add(free);
    return free;
  }
}
