/** The key that both ends of a diode were given by hand, and the keys that come from it. */

import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';

const PRESHARED_KEY_BYTES = 32;

export interface PresharedKey {
  /** Names the key in every datagram and says nothing of it. */
  readonly id: number;
  /** The key of one session: no two sessions share one, so that a nonce may come again in another. */
  sessionKey(session: number): KeyObject;
}

const HEX = /^[0-9a-f]{64}\s*$/i;

/**
 * Reads the content of a key file: 32 bytes as they are, or as 64 hexadecimal digits. Both derivations are HKDF with
 * SHA-256 (RFC 5869). Fault: `boundary.key`.
 */
export function parsePresharedKey(content: Uint8Array): Result<PresharedKey> {
  const text = Buffer.from(content).toString('latin1');
  const secret = HEX.test(text) ? Buffer.from(text.trim(), 'hex') : Buffer.from(content);
  if (secret.length !== PRESHARED_KEY_BYTES) {
    return failure('boundary.key', `${content.length} bytes; a key is 32 bytes, or 64 hexadecimal digits`);
  }
  const id = Buffer.from(hkdfSync('sha256', secret, '', 'tidegate diode 1 key id', 4)).readUInt32LE();
  return success({
    id,
    sessionKey(session) {
      const salt = Buffer.alloc(8);
      salt.writeBigInt64LE(BigInt(session));
      return createSecretKey(Buffer.from(hkdfSync('sha256', secret, salt, 'tidegate diode 1 session', 32)));
    },
  });
}
