/** What the gateway proves to the server who it is with, read from the directory that the configuration names. */

import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { ForwarderIdentity } from '@tidegate/oneway/forward/dial.ts';

const FILES = { key: 'key.pem', cert: 'cert.pem', ca: 'ca.pem' } as const;

/** Fault: `gateway.certificates` where a file cannot be read, or the certificate is made out to another gateway. */
export async function readIdentity(directory: string, gateway: string): Promise<Result<ForwarderIdentity>> {
  const identity = { key: '', cert: '', ca: '' };
  for (const part of ['key', 'cert', 'ca'] as const) {
    const file = join(directory, FILES[part]);
    try {
      identity[part] = await readFile(file, 'utf8');
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      return failure(
        'gateway.certificates',
        `${file} ${code === 'ENOENT' ? 'is missing' : `cannot be read (${message})`}`,
      );
    }
  }
  const file = join(directory, FILES.cert);
  const name = commonNameOf(identity.cert);
  if (name === undefined) return failure('gateway.certificates', `${file} is not a certificate in PEM form`);
  if (name === gateway) return success(identity);
  return failure('gateway.certificates', `${file} is made out to "${name}", and this gateway is "${gateway}"`);
}

/** The server knows a gateway by the common name of its certificate; `undefined` where `pem` is no certificate. */
function commonNameOf(pem: string): string | undefined {
  try {
    const { CN } = new X509Certificate(pem).toLegacyObject().subject;
    return String(CN);
  } catch {
    return undefined;
  }
}
