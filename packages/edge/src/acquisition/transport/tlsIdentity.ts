/** Who the gateway is to a device, and whom it trusts: read anew for each connection, so that a renewal needs no restart. */

import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { TlsFiles } from './medium.ts';

/** Options of `node:tls`, for either side. */
export interface TlsIdentity {
  /** The only authority that counts; those of the machine do not. */
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  /** Modbus/TCP Security (MB-TCP-Security-v21, 8) and IEC 62351-3 both ask for 1.2 or later. */
  readonly minVersion: 'TLSv1.2';
}

/** What OpenSSL takes for none at all must not pass for one: a line would then open without proof. */
const CONTENTS = {
  ca: [/-----BEGIN (TRUSTED )?CERTIFICATE-----/, 'holds no certificate'],
  cert: [/-----BEGIN (TRUSTED )?CERTIFICATE-----/, 'holds no certificate'],
  key: [/-----BEGIN .*PRIVATE KEY-----/, 'holds no private key'],
} as const;

/** Fault: `link.credentials`, naming the file that is missing, is not what it should be, or does not fit another. */
export async function readTlsIdentity(files: TlsFiles): Promise<Result<TlsIdentity>> {
  const identity = { ca: '', cert: '', key: '', minVersion: 'TLSv1.2' as const };
  for (const part of ['ca', 'cert', 'key'] as const) {
    try {
      identity[part] = await readFile(files[part], 'utf8');
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const defect = code === 'ENOENT' ? 'is missing' : `cannot be read (${message})`;
      return failure('link.credentials', `${files[part]} ${defect}`);
    }
    const [expected, defect] = CONTENTS[part];
    if (!expected.test(identity[part])) return failure('link.credentials', `${files[part]} ${defect}`);
  }
  try {
    createSecureContext(identity);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return failure(
      'link.credentials',
      `${files.ca}, ${files.cert} and ${files.key} cannot be used together (${reason})`,
    );
  }
  return success(identity);
}
