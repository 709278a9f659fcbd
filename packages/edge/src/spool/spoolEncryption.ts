/** Whether a spool is encrypted, and with which key: what the configuration says and what lies on disk, taken together. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { JournalEncryption } from '@tidegate/journal/journal.ts';
import { makeSpoolKey, readSpoolKey } from './spoolKey.ts';

export interface SpoolEncryptionSettings {
  readonly encrypt: boolean;
  /** Where the operator keeps the key; it is not made there. */
  readonly keyFile: string | undefined;
  /** Where the key lies otherwise, and is made on first use. */
  readonly ownKeyFile: string;
}

/**
 * A key that is there is used also where nothing new is to be encrypted: it opens what has been before. Fault: `spool.key`.
 */
export async function readSpoolEncryption(
  settings: SpoolEncryptionSettings,
): Promise<Result<JournalEncryption | undefined>> {
  const { encrypt, keyFile, ownKeyFile } = settings;
  const found = await readSpoolKey(keyFile ?? ownKeyFile);
  if (!found.ok) return found;
  if (found.value) return success({ key: found.value, sealsNew: encrypt });
  if (keyFile !== undefined) return failure('spool.key', `${keyFile} is not there`);
  if (!encrypt) return success(undefined);
  const made = await makeSpoolKey(ownKeyFile);
  return made.ok ? success({ key: made.value, sealsNew: true }) : made;
}
