/**
 * Seals the payloads of one segment and opens them again: AES-256-GCM (NIST SP 800-38D), the number of the record as its
 * nonce.
 *
 * Each segment has a key of its own, derived from the journal's key and 16 random bytes (HKDF-SHA-256, RFC 5869): a number
 * stands in a segment once, so no nonce is used twice under one key, even where a journal is restored from an old copy and
 * uses its numbers again. The derivation also gives 8 bytes that tell whether the journal's key is the right one; they and
 * the random bytes are in the name of the file, so that a wrong key is known before any file is touched.
 */

import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';

/** Of the journal's key. */
export const KEY_BYTES = 32;
/** How much longer a sealed payload is than a plain one: the authentication tag. */
export const SEAL_BYTES = 16;

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const KEY_SALT_BYTES = 16;
const CHECK_BYTES = 8;
const PURPOSE = 'tidegate journal segment 1';
const TWO_POW_32 = 2 ** 32;

/** What a sealed segment says of its key, hexadecimal. */
export interface SealName {
  readonly keySalt: string;
  readonly keyCheck: string;
}

export class SegmentCipher {
  readonly name: SealName;
  readonly #key: KeyObject;
  readonly #nonce = Buffer.alloc(NONCE_BYTES);

  private constructor(journalKey: Uint8Array, keySalt: Buffer) {
    const derived = Buffer.from(hkdfSync('sha256', journalKey, keySalt, PURPOSE, KEY_BYTES + CHECK_BYTES));
    this.#key = createSecretKey(derived.subarray(0, KEY_BYTES));
    this.name = { keySalt: keySalt.toString('hex'), keyCheck: derived.toString('hex', KEY_BYTES) };
  }

  /** For a new segment. */
  static fresh(journalKey: Uint8Array): SegmentCipher {
    return new SegmentCipher(journalKey, randomBytes(KEY_SALT_BYTES));
  }

  /** For a segment that is there; `undefined` where it was sealed with another key. */
  static of(journalKey: Uint8Array, { keySalt, keyCheck }: SealName): SegmentCipher | undefined {
    const cipher = new SegmentCipher(journalKey, Buffer.from(keySalt, 'hex'));
    return cipher.name.keyCheck === keyCheck ? cipher : undefined;
  }

  /** The payload of record `number`, encrypted, and its tag. At most once for a number. */
  seal(number: number, payload: Uint8Array): Buffer {
    const cipher = createCipheriv(CIPHER, this.#key, this.#nonceOf(number));
    return Buffer.concat([cipher.update(payload), cipher.final(), cipher.getAuthTag()], payload.length + SEAL_BYTES);
  }

  /** `undefined` where the bytes are not what was sealed as record `number`. */
  open(number: number, sealed: Uint8Array): Buffer | undefined {
    const end = sealed.length - SEAL_BYTES;
    if (end < 0) return undefined;
    const decipher = createDecipheriv(CIPHER, this.#key, this.#nonceOf(number), { authTagLength: SEAL_BYTES });
    decipher.setAuthTag(sealed.subarray(end));
    const payload = decipher.update(sealed.subarray(0, end));
    try {
      decipher.final();
      return payload;
    } catch {
      return undefined;
    }
  }

  #nonceOf(number: number): Buffer {
    this.#nonce.writeUInt32LE(number % TWO_POW_32, 0);
    this.#nonce.writeUInt32LE(Math.floor(number / TWO_POW_32), 4);
    return this.#nonce;
  }
}
