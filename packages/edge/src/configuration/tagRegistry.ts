/**
 * Gives each tag its number, once and for all.
 *
 * Invariants:
 * - A number that was given is durable before it is used, and stands for the same tag id for ever: blocks in the spool and
 *   in the historian name their tags by it.
 * - Tags that are configured no more keep their number, and get it back when they return.
 * - A registry that is damaged or lost is a fault. It is never begun anew beside a spool, because every number in the
 *   spool would then mean another tag.
 *
 * - A registry belongs to one gateway: under another name its spool would be refused by the server.
 *
 * The file is JSON: `{"format": 1, "gateway": "north", "tags": ["id of number 0", "id of number 1", ...],
 * "crc32": "0a1b2c3d"}`, the checksum over the UTF-8 of `[gateway, ...tags]` as `JSON.stringify` writes it. A new file
 * replaces the old by renaming.
 */

import { readFile, stat } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { replaceFile } from '@tidegate/journal/replaceFile.ts';
import { z } from 'zod';
import type { DataDirectory } from './dataDirectory.ts';

const FORMAT = 1;

const fileSchema = z.strictObject({
  format: z.literal(FORMAT),
  gateway: z.string(),
  tags: z.array(z.string()),
  crc32: z.string(),
});

/** What the file holds beside its format and checksum. */
type Contents = Readonly<Pick<z.output<typeof fileSchema>, 'gateway' | 'tags'>>;

export class TagRegistry {
  readonly #file: string;
  readonly #gateway: string;
  /** The id of each number; `undefined` where there is no file yet. */
  #ids: readonly string[] | undefined;
  readonly #numbers: Map<string, number>;

  private constructor(file: string, gateway: string, ids?: readonly string[]) {
    this.#file = file;
    this.#gateway = gateway;
    this.#ids = ids;
    this.#numbers = new Map(ids?.map((id, number) => [id, number]));
  }

  /**
   * Opens the registry of the gateway of that name. Faults: `gateway.tag-registry` where it is damaged, lost, or another
   * gateway's; `gateway.data-directory` where it cannot be read.
   */
  static async open(directory: DataDirectory, gateway: string): Promise<Result<TagRegistry>> {
    const file = directory.tagRegistry;
    let text: string;
    try {
      text = await readFile(file, 'utf8');
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT') return failure('gateway.data-directory', `the tag registry cannot be read (${message})`);
      if (await exists(directory.spools)) {
        return failure('gateway.tag-registry', `${file} is missing, and there is a spool whose samples need it`);
      }
      return success(new TagRegistry(file, gateway));
    }
    const contents = parseRegistry(text);
    if (contents === undefined) return failure('gateway.tag-registry', `${file} is damaged`);
    if (contents.gateway !== gateway) {
      const detail = `${file} belongs to the gateway "${contents.gateway}", and this one is "${gateway}"`;
      return failure('gateway.tag-registry', detail);
    }
    return success(new TagRegistry(file, gateway, contents.tags));
  }

  /** How many numbers have been given, retired tags included. */
  get size(): number {
    return this.#numbers.size;
  }

  /**
   * The numbers of tags, in the order of `ids`; tags that have none yet get the next ones, durably. Fault:
   * `gateway.data-directory` where the registry cannot be written; nothing has been given then.
   */
  async assign(ids: readonly string[]): Promise<Result<readonly number[]>> {
    const added = [...new Set(ids.filter((id) => !this.#numbers.has(id)))];
    if (added.length > 0 || this.#ids === undefined) {
      const next = [...(this.#ids ?? []), ...added];
      try {
        await replaceFile(this.#file, formatRegistry({ gateway: this.#gateway, tags: next }));
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        if (code === undefined) throw error;
        return failure('gateway.data-directory', `the tag registry cannot be written (${message})`);
      }
      for (const id of added) this.#numbers.set(id, this.#numbers.size);
      this.#ids = next;
    }
    return success(ids.map((id) => this.#numbers.get(id)!));
  }
}

function formatRegistry(contents: Contents): string {
  return `${JSON.stringify({ format: FORMAT, ...contents, crc32: checksumOf(contents) }, undefined, 1)}\n`;
}

/** The contents, or `undefined` where the text is not what was written once. */
function parseRegistry(text: string): Contents | undefined {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = fileSchema.safeParse(data);
  if (!parsed.success || parsed.data.crc32 !== checksumOf(parsed.data)) return undefined;
  const { tags } = parsed.data;
  return new Set(tags).size === tags.length ? parsed.data : undefined;
}

function checksumOf({ gateway, tags }: Contents): string {
  return crc32(JSON.stringify([gateway, ...tags]))
    .toString(16)
    .padStart(8, '0');
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
