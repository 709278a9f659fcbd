/** The names of a digital tag's states, as they were at the time of each value. */

import type { DigitalState } from '@tidegate/core/sample/tag.ts';
import type { TagVersion } from './storedTag.ts';

/** A set of states and since when (µs) it holds. */
interface StateSet {
  readonly since: number;
  readonly names: ReadonlyMap<number, string>;
}

export class StateNames {
  readonly #sets: readonly StateSet[];

  /** `versions` of the tag, oldest first. */
  constructor(versions: readonly TagVersion[]) {
    const sets: StateSet[] = [];
    let last = '';
    for (const { recordedAt, definition } of versions) {
      const text = JSON.stringify(definition.states ?? []);
      if (text !== last) sets.push({ since: recordedAt, names: namesOf(definition.states ?? []) });
      last = text;
    }
    this.#sets = sets;
  }

  /**
   * What `code` stood for at `time` (µs); `undefined` where it stood for nothing. Values from before the first definition,
   * such as imported ones, go by the first set that the tag was given.
   */
  nameOf(code: number, time: number): string | undefined {
    const set = this.#sets.findLast(({ since }) => since <= time) ?? this.#sets[0];
    return set?.names.get(code);
  }
}

function namesOf(states: readonly DigitalState[]): ReadonlyMap<number, string> {
  return new Map(states.map(({ code, name }) => [code, name]));
}
