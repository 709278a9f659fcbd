/** What a process proves to others who it is with, read from the directory that its configuration names. */

import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { FaultCode } from '@tidegate/core/fault/faultTable.ts';

/** Each as PEM text. */
export interface Identity {
  readonly key: string;
  readonly cert: string;
  /** The only authorities that the certificate of the other end may come from: two while one takes over from the other. */
  readonly ca: string;
  /** What these authorities have revoked; absent where there is no such file. */
  readonly crl?: string;
}

export const IDENTITY_FILES = { key: 'key.pem', cert: 'cert.pem', ca: 'ca.pem', crl: 'crl.pem' } as const;

const REQUIRED = ['key', 'cert', 'ca'] as const;
/** Whatever group and others may do with a file. */
const OTHERS = 0o077;

/**
 * The fault has the code given, and names the first file that cannot be read; `certificate.key-readable` where others than
 * its owner may read or replace the key. Whether the files fit is not looked at here.
 */
export async function readIdentity(directory: string, fault: FaultCode): Promise<Result<Identity>> {
  const identity = { key: '', cert: '', ca: '' };
  for (const part of REQUIRED) {
    const text = await readPart(directory, part, fault);
    if (!text.ok) return text;
    if (text.value === undefined) return failure(fault, `${join(directory, IDENTITY_FILES[part])} is missing`);
    identity[part] = text.value;
  }
  const crl = await readPart(directory, 'crl', fault);
  if (!crl.ok) return crl;
  return success(crl.value === undefined ? identity : { ...identity, crl: crl.value });
}

/** `undefined` where there is no such file. */
async function readPart(
  directory: string,
  part: keyof typeof IDENTITY_FILES,
  fault: FaultCode,
): Promise<Result<string | undefined>> {
  const path = join(directory, IDENTITY_FILES[part]);
  let file: FileHandle | undefined;
  try {
    file = await open(path);
    // Asked of the open file: what is read is what was looked at.
    const { mode } = await file.stat();
    if (part === 'key' && (mode & OTHERS) !== 0 && process.platform !== 'win32') {
      const rights = (mode & 0o777).toString(8);
      return failure('certificate.key-readable', `${path} may be used by others than its owner (mode ${rights})`);
    }
    return success(await file.readFile('utf8'));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? success(undefined) : failure(fault, `${path} cannot be read (${message})`);
  } finally {
    await file?.close();
  }
}
