/**
 * Makes a directory and those above it that are missing.
 *
 * The recursive `mkdir` of Node never returns where a parent exists and yet takes no directory, answering ENOENT, as
 * /proc does: it makes the parent and tries again for ever. Here each directory is tried twice and no more.
 */

import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** Does nothing where it is there already. `mode` is that of every directory that is made. Throws as the file system. */
export async function makeDirectory(path: string, mode?: number): Promise<void> {
  const absolute = resolve(path);
  const error = await tryMake(absolute, mode);
  if (error === undefined) return;
  const parent = dirname(absolute);
  if (error.code !== 'ENOENT' || parent === absolute) throw error;
  await makeDirectory(parent, mode);
  const again = await tryMake(absolute, mode);
  if (again !== undefined) throw again;
}

/** The error where there is no such directory afterwards. */
async function tryMake(path: string, mode: number | undefined): Promise<NodeJS.ErrnoException | undefined> {
  try {
    await mkdir(path, { mode });
    return undefined;
  } catch (error) {
    const found = await stat(path).catch(() => undefined);
    return found?.isDirectory() ? undefined : (error as NodeJS.ErrnoException);
  }
}
