/** Reads the text files of a directory and those below it, such as a model of a plant. */

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Defect, FILE_START, makeDefect } from './defect.ts';
import { readText } from './readText.ts';

export interface TextTree {
  /** Names below the directory with `/`, in their order; what each holds without a byte order mark, its lines ending in `\n`. */
  readonly texts: ReadonlyMap<string, string>;
  /** Of the directory, or of files that cannot be read; the others are there. */
  readonly defects: readonly Defect[];
}

const MAX_FILES = 10_000;
const TEXT_FILE = /\.(ya?ml|csv)$/i;

/** The `.yaml`, `.yml` and `.csv` files; hidden ones and what links lead to are left out. Never throws. */
export async function readTextTree(directory: string): Promise<TextTree> {
  const texts = new Map<string, string>();
  const defects: Defect[] = [];
  const waiting = [''];
  for (let below = waiting.shift(); below !== undefined; below = waiting.shift()) {
    const place = join(directory, below);
    const entries = await readdir(place, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
      const message = error.code === 'ENOENT' ? 'there is no such directory' : `cannot be read (${error.code})`;
      defects.push(makeDefect('config.unreadable', place, FILE_START, message, 'name a directory with text files'));
      return [];
    });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const name = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.name.startsWith('.')) continue;
      if (entry.isDirectory()) waiting.push(name);
      else if (entry.isFile() && TEXT_FILE.test(entry.name)) {
        if (texts.size >= MAX_FILES) {
          const message = `has more than ${MAX_FILES} text files`;
          defects.push(
            makeDefect('config.unreadable', directory, FILE_START, message, 'name the directory of a model'),
          );
          return { texts, defects };
        }
        const text = await readText(join(directory, name));
        if (text.ok) texts.set(name, text.value);
        else defects.push(...text.defects);
      }
    }
  }
  return { texts, defects };
}
