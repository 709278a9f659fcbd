/** Whether a good telegram begins at a place in a stream of bytes, and how long it is. */

import { BROADCAST, DELIMITER, END_DELIMITER } from './telegram.ts';

/** More bytes have to come before it can be said; those that are there fit. */
export const INCOMPLETE = 0;
/** No telegram begins here. Numbers below it are the negative lengths of telegrams whose FCS alone is wrong. */
export const NOISE = -1;

const TOKEN_BYTES = 3;
const NO_DATA_BYTES = 6;
const FIXED_BYTES = 14;
const EXTENSION = 0x80;
/** DA, SA, FC and at least one byte of data; with none the telegram would be of form SD1. */
const MIN_LE = 4;
const MAX_LE = 249;
/** What LE does not count: SD, LE, LEr, SD, FCS, ED. */
const VARIABLE_OVERHEAD = 6;
const VARIABLE_HEADER = 4;
/** FCS and ED. */
const TRAILER = 2;

/** Reads `bytes` from `at` to before `end`, `at` below `end`: the length of the telegram, or one of the above. */
export function measureTelegram(bytes: Uint8Array, at: number, end: number): number {
  switch (bytes[at]) {
    case DELIMITER.variable:
      return measureVariable(bytes, at, end);
    case DELIMITER.noData:
      return measureBody(bytes, at, at + 1, NO_DATA_BYTES, end);
    case DELIMITER.fixed:
      return measureBody(bytes, at, at + 1, FIXED_BYTES, end);
    case DELIMITER.token:
      return measureToken(bytes, at, end);
    case DELIMITER.acknowledgement:
      return 1;
    default:
      return NOISE;
  }
}

/** Whether a telegram that begins with `delimiter` has an FCS; a token and a short acknowledgement have to be believed. */
export function isChecked(delimiter: number): boolean {
  return delimiter !== DELIMITER.token && delimiter !== DELIMITER.acknowledgement;
}

function measureVariable(bytes: Uint8Array, at: number, end: number): number {
  const held = end - at;
  if (held < 2) return INCOMPLETE;
  const length = bytes[at + 1];
  if (length < MIN_LE || length > MAX_LE) return NOISE;
  if (held > 2 && bytes[at + 2] !== length) return NOISE;
  if (held > 3 && bytes[at + 3] !== DELIMITER.variable) return NOISE;
  return measureBody(bytes, at, at + VARIABLE_HEADER, length + VARIABLE_OVERHEAD, end);
}

/** The telegram of `length` bytes at `at`, whose DA lies at `body`. */
function measureBody(bytes: Uint8Array, at: number, body: number, length: number, end: number): number {
  // A station never sends under the broadcast address (IEC 61158-4-3, 4.7.3).
  if (body + 1 < end && (bytes[body + 1] & ~EXTENSION) === BROADCAST) return NOISE;
  const last = at + length - 1;
  if (last >= end) return INCOMPLETE;
  if (bytes[last] !== END_DELIMITER) return NOISE;
  const checkAt = at + length - TRAILER;
  let sum = 0;
  for (let index = body; index < checkAt; index++) sum += bytes[index];
  return (sum & 0xff) === bytes[checkAt] ? length : -length;
}

/** The addresses of a token have no extension and are never that of all stations. */
function measureToken(bytes: Uint8Array, at: number, end: number): number {
  for (let index = at + 1; index < at + TOKEN_BYTES; index++) {
    if (index >= end) return INCOMPLETE;
    if (bytes[index] >= BROADCAST) return NOISE;
  }
  return TOKEN_BYTES;
}
