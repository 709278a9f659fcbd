/** The tag list of a gateway as it came last, kept so that it can be passed on before the gateway is heard again. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Fault, failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { TagDefinition } from '@tidegate/core/sample/tag.ts';
import { makeDirectory } from '@tidegate/journal/makeDirectory.ts';
import { replaceFile } from '@tidegate/journal/replaceFile.ts';
import { parseTagList } from '../frame/tagList.ts';

const FILE = 'tags.json';

export class TagListFile {
  readonly #directory: string;
  #tags: readonly TagDefinition[] | undefined;
  /** As it stands in the file. */
  #text: string;
  #writing: Promise<unknown> = Promise.resolve();

  private constructor(directory: string, text: string) {
    const tags = parseTagList(new TextEncoder().encode(text));
    this.#directory = directory;
    this.#text = text;
    this.#tags = tags.ok ? tags.value : undefined;
  }

  /** Never throws: a list that cannot be read comes again with the next connection of the gateway. */
  static async open(directory: string): Promise<TagListFile> {
    return new TagListFile(directory, await readFile(join(directory, FILE), 'utf8').catch(() => ''));
  }

  /** `undefined` where none has ever come. */
  get tags(): readonly TagDefinition[] | undefined {
    return this.#tags;
  }

  /** True where the list is another than before, once it is durable. Fault: `boundary.not-stored`. */
  replace(tags: readonly TagDefinition[]): Promise<Result<boolean>> {
    const replaced = this.#writing.then(() => this.#replace(tags));
    this.#writing = replaced;
    return replaced;
  }

  async #replace(tags: readonly TagDefinition[]): Promise<Result<boolean>> {
    const text = JSON.stringify(tags);
    if (text === this.#text) return success(false);
    const fault = await this.#write(text);
    if (fault) return { ok: false, fault };
    this.#text = text;
    this.#tags = tags;
    return success(true);
  }

  async #write(text: string): Promise<Fault | undefined> {
    try {
      await makeDirectory(this.#directory, 0o700);
      await replaceFile(join(this.#directory, FILE), text);
      return undefined;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      return failure('boundary.not-stored', message).fault;
    }
  }
}
