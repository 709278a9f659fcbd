/** Numbers the sessions over a diode: each greater than all before, also where the clock has been set back. */

import { readFile } from 'node:fs/promises';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { replaceFile } from '@tidegate/journal/replaceFile.ts';

/**
 * The number of the session that begins now, noted durably in `file` before it is used: the time `now` (µs), or one more
 * than the session before. Fault: `gateway.data-directory`.
 */
export async function nextDiodeSession(file: string, now: number): Promise<Result<number>> {
  try {
    const before = Number(await readFile(file, 'utf8').catch(absent));
    const session = Math.max(now, Number.isSafeInteger(before) ? before + 1 : 0);
    await replaceFile(file, `${session}\n`);
    return success(session);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return failure('gateway.data-directory', `the session over the diode cannot be noted: ${message}`);
  }
}

function absent(error: NodeJS.ErrnoException): string {
  if (error.code !== 'ENOENT') throw error;
  return '0';
}
