/** What tells the spools of one data directory from those of another: 16 random bytes, made with it, in a file of digits. */

import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { replaceFile } from '@tidegate/journal/replaceFile.ts';

const INSTANCE_BYTES = 16;
const INSTANCE = /^([0-9a-f]{32})\n$/;

/** The instance in `file`, see `BlockSource.instance`; made durably where there is none. Fault: `spool.instance`. */
export async function openSpoolInstance(file: string): Promise<Result<string>> {
  try {
    const match = INSTANCE.exec(await readFile(file, 'utf8'));
    return match ? success(match[1]) : failure('spool.instance', `${file} is not what this program writes`);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return code === 'ENOENT' ? makeSpoolInstance(file) : failure('spool.instance', message);
  }
}

/** A kill leaves the whole file or none. */
async function makeSpoolInstance(file: string): Promise<Result<string>> {
  const instance = randomBytes(INSTANCE_BYTES).toString('hex');
  try {
    await replaceFile(file, `${instance}\n`);
    return success(instance);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return failure('spool.instance', message);
  }
}
