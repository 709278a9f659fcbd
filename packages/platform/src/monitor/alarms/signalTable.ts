/** Numbers what alarms watch, tags and attributes, from 0: the alarm engine knows them by number. */

import type { SubjectName } from '@tidegate/alarm/definition/alarmDefinition.ts';

export class SignalTable {
  readonly #numbers = { tag: new Map<string, number>(), attribute: new Map<string, number>() };
  #count = 0;

  /** The number of a signal, which it is given where it has none. */
  number({ kind, path }: SubjectName): number {
    const numbers = this.#numbers[kind];
    const known = numbers.get(path);
    if (known !== undefined) return known;
    numbers.set(path, this.#count);
    return this.#count++;
  }

  get count(): number {
    return this.#count;
  }

  /** Those of one kind, by path. */
  of(kind: SubjectName['kind']): ReadonlyMap<string, number> {
    return this.#numbers[kind];
  }
}
