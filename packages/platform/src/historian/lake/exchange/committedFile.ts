/** A file that appears under its name only when it is whole. */

import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncDirectory } from '@tidegate/journal/syncDirectory.ts';

export const TEMPORARY_SUFFIX = '.tmp';

/** Gives what was written to `file` + `TEMPORARY_SUFFIX` its name, durably. Throws as the file system. */
export async function commitFile(file: string): Promise<void> {
  const handle = await open(file + TEMPORARY_SUFFIX, 'r+');
  await handle.sync().finally(() => handle.close());
  await rename(file + TEMPORARY_SUFFIX, file);
  await syncDirectory(dirname(file));
}
