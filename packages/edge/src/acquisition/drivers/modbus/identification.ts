/**
 * What a device says of itself: Read Device Identification (V1.1b3, 6.21), function code 43, MEI type 14.
 *
 *     2b 0e | code | conformity | more follows | next object | objects | id, length, bytes | ...
 */

import { decodeText } from '../../decodeText.ts';

/** Objects 0 to 2 are basic, 3 to 6 regular; those from 128 on belong to the maker. */
export const OBJECT_NAMES: readonly string[] = [
  'vendor-name',
  'product-code',
  'revision',
  'vendor-url',
  'product-name',
  'model-name',
  'application-name',
];

/** Everything in front of the first object, from the function code on. */
const HEAD_BYTES = 7;
const MEI_TYPE = 14;
const BASIC = 1;
const REGULAR = 2;
const EXTENDED = 3;
const FIRST_REGULAR = 3;
const FIRST_EXTENDED = 128;

export function objectName(id: number): string {
  return OBJECT_NAMES[id] ?? String(id);
}

/** Asks for the objects from `first` on, of the category that `first` belongs to. */
export function identificationRequest(first: number): Uint8Array {
  const category = first < FIRST_REGULAR ? BASIC : first < FIRST_EXTENDED ? REGULAR : EXTENDED;
  return Uint8Array.of(43, MEI_TYPE, category, first);
}

/**
 * How long an answer is, from its function code on, as far as its beginning shows; `undefined` while that is not enough, 0
 * where it is no such answer.
 */
export function identificationBytes(pdu: Uint8Array): number | undefined {
  if (pdu.length > 1 && pdu[1] !== MEI_TYPE) return 0;
  if (pdu.length < HEAD_BYTES) return undefined;
  let end = HEAD_BYTES;
  for (let left = pdu[6]; left > 0; left--) {
    if (pdu.length < end + 2) return undefined;
    end += 2 + pdu[end + 1];
  }
  return end;
}

/** The objects of an answer that is as long as `identificationBytes` says, by their ids. */
export function identificationObjects(pdu: Uint8Array): ReadonlyMap<number, Uint8Array> {
  const objects = new Map<number, Uint8Array>();
  for (let at = HEAD_BYTES; at < pdu.length; at += 2 + pdu[at + 1]) {
    objects.set(pdu[at], pdu.subarray(at + 2, at + 2 + pdu[at + 1]));
  }
  return objects;
}

/** The objects of an answer as people read them: `vendor-name Acme, product-code P1, revision 2.3`. */
export function describeIdentity(pdu: Uint8Array): string {
  return [...identificationObjects(pdu)]
    .map(([id, bytes]) => `${objectName(id)} ${decodeText(bytes).trimEnd()}`)
    .join(', ');
}
