/** Authenticates and encrypts datagrams: AES-256-GCM (NIST SP 800-38D) with the header as associated data. */

import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';
import { DATAGRAM_AT, type DatagramHeader, encodeDatagramHeader, TAG_BYTES } from './datagramLayout.ts';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const OPTIONS = { authTagLength: TAG_BYTES } as const;

/** The parts of a datagram, in their order. */
export function sealDatagram(key: KeyObject, header: DatagramHeader, payload: Uint8Array): Uint8Array[] {
  const associated = encodeDatagramHeader(header);
  const cipher = createCipheriv(CIPHER, key, nonceOf(header), OPTIONS);
  cipher.setAAD(associated);
  const sealed = cipher.update(payload);
  cipher.final();
  return [associated, sealed, cipher.getAuthTag()];
}

/** The payload of a datagram whose header has been read; `undefined` where the holder of `key` did not make it so. */
export function openDatagram(key: KeyObject, header: DatagramHeader, datagram: Uint8Array): Uint8Array | undefined {
  const tagAt = datagram.length - TAG_BYTES;
  const decipher = createDecipheriv(CIPHER, key, nonceOf(header), OPTIONS);
  decipher.setAAD(datagram.subarray(0, DATAGRAM_AT.payload));
  decipher.setAuthTag(datagram.subarray(tagAt));
  const payload = decipher.update(datagram.subarray(DATAGRAM_AT.payload, tagAt));
  try {
    decipher.final();
  } catch {
    return undefined;
  }
  return payload;
}

/**
 * Unique within a session, and so under its key: a group, a beat, and each sending of a symbol is numbered once. That a
 * sender never takes a session again is what `session` of its options asks for.
 */
function nonceOf({ kind, stream, sending, symbol, group }: DatagramHeader): Uint8Array {
  const nonce = new Uint8Array(NONCE_BYTES);
  nonce[0] = kind;
  nonce[1] = stream;
  nonce[2] = sending;
  nonce[3] = symbol;
  for (let byte = 4, rest = group; byte < NONCE_BYTES; byte++, rest = Math.floor(rest / 256)) nonce[byte] = rest % 256;
  return nonce;
}
