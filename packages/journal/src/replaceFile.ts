/** Replaces a small file as a whole, durably: after any crash it is the old one or the new one. */

import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncDirectory } from './syncDirectory.ts';

/** What a crash may leave beside the file; the next replacement overwrites it. */
const BESIDE = '.new';

/** For its owner alone. Throws what the file system throws; then the old file is still there. */
export async function replaceFile(file: string, text: string): Promise<void> {
  const next = file + BESIDE;
  const handle = await open(next, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(next, file);
  await syncDirectory(dirname(file));
}
