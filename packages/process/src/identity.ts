/** What a process proves to others who it is with, read from the directory that its configuration names. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { FaultCode } from '@tidegate/core/fault/faultTable.ts';

/** Each as PEM text. */
export interface Identity {
  readonly key: string;
  readonly cert: string;
  /** The only authority that the certificate of the other end may come from. */
  readonly ca: string;
}

export const IDENTITY_FILES = { key: 'key.pem', cert: 'cert.pem', ca: 'ca.pem' } as const;

/** The fault has the code given, and names the first file that cannot be read. Whether they fit shows when they are used. */
export async function readIdentity(directory: string, fault: FaultCode): Promise<Result<Identity>> {
  const identity = { key: '', cert: '', ca: '' };
  for (const part of ['key', 'cert', 'ca'] as const) {
    const file = join(directory, IDENTITY_FILES[part]);
    try {
      identity[part] = await readFile(file, 'utf8');
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      return failure(fault, `${file} ${code === 'ENOENT' ? 'is missing' : `cannot be read (${message})`}`);
    }
  }
  return success(identity);
}
