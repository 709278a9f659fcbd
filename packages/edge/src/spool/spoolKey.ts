/** The key with which a gateway encrypts its spool: a file of 32 bytes that nobody else may read. */

import { randomBytes } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { syncDirectory } from '@tidegate/journal/syncDirectory.ts';

export const SPOOL_KEY_BYTES = 32;
/** Rights of the group and of others. */
const OTHERS = 0o077;

/** The key in `file`; `undefined` where there is no such file. Fault: `spool.key`. */
export async function readSpoolKey(file: string): Promise<Result<Buffer | undefined>> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, 'r');
    const { mode, size } = await handle.stat();
    if ((mode & OTHERS) !== 0 && process.platform !== 'win32') {
      return failure(
        'spool.key',
        `${file} may be read or changed by others: its mode is ${(mode & 0o777).toString(8)}`,
      );
    }
    if (size !== SPOOL_KEY_BYTES) return failure('spool.key', `${file} holds ${size} bytes, not ${SPOOL_KEY_BYTES}`);
    return success(await handle.readFile());
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return code === 'ENOENT' ? success(undefined) : failure('spool.key', message);
  } finally {
    await handle?.close();
  }
}

/** Makes a key in `file`, durably, before anything is encrypted with it. Fault: `spool.key`. */
export async function makeSpoolKey(file: string): Promise<Result<Buffer>> {
  const key = randomBytes(SPOOL_KEY_BYTES);
  try {
    const handle = await open(file, 'wx', 0o600);
    try {
      await handle.writeFile(key);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await syncDirectory(dirname(file));
    return success(key);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return failure('spool.key', message);
  }
}
