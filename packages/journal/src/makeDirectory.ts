/**
 * Makes a directory and those above it that are missing, so that their names survive a power cut.
 *
 * What is kept in a directory, however well it is synced, is lost with the name of the directory: that lies in the parent,
 * and is durable when the parent is synced.
 *
 * The recursive `mkdir` of Node never returns where a parent exists and yet takes no directory, answering ENOENT, as
 * /proc does: it makes the parent and tries again for ever. Here each directory is tried twice and no more.
 */

import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { syncDirectory } from './syncDirectory.ts';

/**
 * Makes nothing where it is there already. `mode` is that of every directory that is made. Throws as the file system,
 * also where it has made a directory and does not make its name durable.
 */
export async function makeDirectory(path: string, mode?: number): Promise<void> {
  const absolute = resolve(path);
  const parent = dirname(absolute);
  let made = await tryMake(absolute, mode);
  if (made instanceof Error) {
    if (made.code !== 'ENOENT' || parent === absolute) throw made;
    await makeDirectory(parent, mode);
    made = await tryMake(absolute, mode);
    if (made instanceof Error) throw made;
  }
  if (made === 'made') await syncNames(parent);
  // Whoever made it may have died, or be about to sync the parent: it is no failure where that cannot be done from here.
  else await syncNames(parent).catch(() => undefined);
}

/** The error where there is no such directory afterwards. */
async function tryMake(path: string, mode: number | undefined): Promise<'made' | 'there' | NodeJS.ErrnoException> {
  try {
    await mkdir(path, { mode });
    return 'made';
  } catch (error) {
    const found = await stat(path).catch(() => undefined);
    return found?.isDirectory() ? 'there' : (error as NodeJS.ErrnoException);
  }
}

/** A directory may let us make names in it and not let us read it: then nothing can be opened for a sync. */
async function syncNames(directory: string): Promise<void> {
  try {
    await syncDirectory(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
  }
}
