/** Finds tags as a model names them: by path, else by an alias or id that only one of them has. */

import type { StoredTag } from '../../historian/query/historianReader.ts';

/** The tags of the historian, and a number that is another one after any of them has changed. */
export interface NamedTags {
  tags(): readonly StoredTag[];
  readonly tagRevision: number;
}

export class TagNames {
  readonly #source: NamedTags;
  #revision = -1;
  #byPath = new Map<string, StoredTag>();
  /** `undefined` of a name that several tags have: it stands for none of them. */
  #byOtherName = new Map<string, StoredTag | undefined>();

  constructor(source: NamedTags) {
    this.#source = source;
  }

  find(name: string): StoredTag | undefined {
    if (this.#source.tagRevision !== this.#revision) this.#gather();
    return this.#byPath.get(name) ?? this.#byOtherName.get(name);
  }

  #gather(): void {
    this.#revision = this.#source.tagRevision;
    this.#byPath = new Map();
    this.#byOtherName = new Map();
    for (const tag of this.#source.tags()) {
      this.#byPath.set(tag.path, tag);
      for (const name of new Set([tag.id, ...tag.aliases])) {
        this.#byOtherName.set(name, this.#byOtherName.has(name) ? undefined : tag);
      }
    }
  }
}
