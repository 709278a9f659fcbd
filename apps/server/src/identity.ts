/** What the server proves to gateways who it is with, read from the directory that the configuration names. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { ReceiverIdentity } from '@tidegate/oneway/receive/receiver.ts';

const FILES = { key: 'key.pem', cert: 'cert.pem', ca: 'ca.pem' } as const;

/** Fault: `server.certificates` where a file cannot be read. Whether they belong together shows when they are used. */
export async function readIdentity(directory: string): Promise<Result<ReceiverIdentity>> {
  const identity = { key: '', cert: '', ca: '' };
  for (const part of ['key', 'cert', 'ca'] as const) {
    const file = join(directory, FILES[part]);
    try {
      identity[part] = await readFile(file, 'utf8');
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      return failure(
        'server.certificates',
        `${file} ${code === 'ENOENT' ? 'is missing' : `cannot be read (${message})`}`,
      );
    }
  }
  return success(identity);
}
