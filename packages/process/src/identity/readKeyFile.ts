/** Reads files with secrets that two ends share, if nobody else may. */

import { type FileHandle, open } from 'node:fs/promises';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';

/** Rights of the group and of others. */
const OTHERS = 0o077;

/** The bytes of `file`. Fault: `boundary.key` where it cannot be read, or can be read by others. */
export async function readKeyFile(file: string): Promise<Result<Buffer>> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, 'r');
    const { mode } = await handle.stat();
    if ((mode & OTHERS) !== 0) {
      const detail = `${file} may be read or changed by others: its mode is ${(mode & 0o777).toString(8)}`;
      return failure('boundary.key', detail);
    }
    return success(await handle.readFile());
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return failure('boundary.key', code === 'ENOENT' ? `${file} is missing` : message);
  } finally {
    await handle?.close();
  }
}
