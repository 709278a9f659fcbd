/** Variable-length integers: seven bits to a byte, the lowest first, the high bit set on all but the last (LEB128). */

const SEVEN_BITS = 128;
/** 2^53 needs eight groups of seven bits; a ninth byte is an error. */
const MAX_VARINT_BYTES = 8;

/** Where a varint was read to; one object is reused so that hot loops allocate nothing. */
export interface VarintCursor {
  at: number;
  value: number;
}

/** Writes a whole number from 0 to 2^53 - 1 and returns the offset behind it. */
export function writeVarint(bytes: Uint8Array, at: number, value: number): number {
  while (value >= SEVEN_BITS) {
    bytes[at++] = (value % SEVEN_BITS) | SEVEN_BITS;
    value = Math.floor(value / SEVEN_BITS);
  }
  bytes[at++] = value;
  return at;
}

/** Reads at `cursor.at` and moves it on. False where the number does not end before `end` or exceeds 2^53 - 1. */
export function readVarint(bytes: Uint8Array, end: number, cursor: VarintCursor): boolean {
  let value = 0;
  let scale = 1;
  for (let count = 0, at = cursor.at; count < MAX_VARINT_BYTES && at < end; count++) {
    const byte = bytes[at++];
    value += (byte & 0x7f) * scale;
    if (byte < SEVEN_BITS) {
      cursor.at = at;
      cursor.value = value;
      return Number.isSafeInteger(value);
    }
    scale *= SEVEN_BITS;
  }
  return false;
}

/** Folds the sign into the lowest bit, so that small negative numbers stay short: 0, -1, 1, -2 become 0, 1, 2, 3. */
export function zigzag(value: number): number {
  return value >= 0 ? value * 2 : -value * 2 - 1;
}

export function unzigzag(folded: number): number {
  return folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2;
}
