/**
 * The code of an invitation, to be read over the telephone: by whom the other end is known, and what proves this end.
 *
 *     16 bytes  the first half of the SHA-256 of the certificate that the invitation listens with
 *      8 bytes  a secret
 *      1 byte   the first of the SHA-256 of those before it: a slip of the tongue costs no try
 *
 * Written in base32 without I, L, O and U (Crockford), in 8 groups of 5. Half a digest is enough: an attacker has to find a
 * certificate to this one, 2^128 away, and not any two that are alike.
 */

import { createHash, timingSafeEqual } from 'node:crypto';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';

export const PIN_BYTES = 16;
export const SECRET_BYTES = 8;

export interface InvitationCode {
  readonly pin: Uint8Array;
  readonly secret: Uint8Array;
}

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CODE_BYTES = PIN_BYTES + SECRET_BYTES + 1;
const GROUP = 5;
/** What a person may write for a letter that is not in the alphabet. */
const LOOKALIKES: Readonly<Record<string, string>> = { O: '0', I: '1', L: '1' };

export function formatCode({ pin, secret }: InvitationCode): string {
  const body = Buffer.concat([pin, secret]);
  const bytes = Buffer.concat([body, checkOf(body)]);
  let text = '';
  for (let bit = 0; bit < bytes.length * 8; bit += 5) {
    const pair = (bytes[bit >> 3] << 8) | (bytes[(bit >> 3) + 1] ?? 0);
    text += ALPHABET[(pair >> (11 - (bit & 7))) & 31];
  }
  return (text.match(new RegExp(`.{${GROUP}}`, 'g')) as string[]).join('-');
}

/** Fault: `enrolment.code`. */
export function parseCode(text: string): Result<InvitationCode> {
  const letters = [...text.toUpperCase().replaceAll(/[\s-]/g, '')].map((letter) => LOOKALIKES[letter] ?? letter);
  const values = letters.map((letter) => ALPHABET.indexOf(letter));
  const wanted = (CODE_BYTES * 8) / 5;
  const wrong = letters.find((_letter, index) => values[index] < 0);
  if (wrong !== undefined) return failure('enrolment.code', `${JSON.stringify(wrong)} is in no code`);
  if (values.length !== wanted) {
    return failure('enrolment.code', `the code has ${values.length} letters and digits, and must have ${wanted}`);
  }
  const bytes = Buffer.alloc(CODE_BYTES);
  values.forEach((value, index) => {
    const [at, shift] = [(index * 5) >> 3, 11 - ((index * 5) & 7)];
    bytes[at] |= (value << shift) >> 8;
    if (at + 1 < CODE_BYTES) bytes[at + 1] |= (value << shift) & 0xff;
  });
  const body = bytes.subarray(0, -1);
  if (checkOf(body)[0] !== bytes.at(-1)) return failure('enrolment.code', 'a letter or digit of the code is wrong');
  return success({ pin: body.subarray(0, PIN_BYTES), secret: body.subarray(PIN_BYTES) });
}

/** What a certificate, in DER form, is known by. */
export function pinOf(certificate: Uint8Array): Uint8Array {
  return createHash('sha256').update(certificate).digest().subarray(0, PIN_BYTES);
}

export function isPinned(certificate: Uint8Array, pin: Uint8Array): boolean {
  return timingSafeEqual(pinOf(certificate), pin);
}

function checkOf(body: Uint8Array): Uint8Array {
  return createHash('sha256').update(body).digest().subarray(0, 1);
}
