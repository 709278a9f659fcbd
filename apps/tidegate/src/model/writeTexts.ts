/** Writes the texts of a model below a directory, and nothing beside or above it. */

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';

/** Files that are there already are replaced only with `overwrite`. Fault: `output.unwritable`. */
export async function writeTexts(
  directory: string,
  texts: Readonly<Record<string, string>>,
  overwrite: boolean,
): Promise<Result<readonly string[]>> {
  const root = resolve(directory);
  const files = Object.keys(texts).sort();
  const stray = files.find((file) => !resolve(root, file).startsWith(`${root}${sep}`));
  if (stray !== undefined) return failure('output.unwritable', `"${stray}" does not lie below ${directory}.`);
  for (const file of files) {
    const place = join(root, file);
    try {
      await mkdir(dirname(place), { recursive: true });
      await writeFile(place, texts[file], { flag: overwrite ? 'w' : 'wx' });
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const reason = code === 'EEXIST' ? 'there is such a file already (--overwrite replaces it)' : message;
      return failure('output.unwritable', `${place} cannot be written: ${reason}.`);
    }
  }
  return success(files);
}
