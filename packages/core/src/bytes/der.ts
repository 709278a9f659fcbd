/** Writes values in the Distinguished Encoding Rules of ASN.1 (ITU-T X.690): tag, length, contents. */

const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectId: 0x06,
  utf8String: 0x0c,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

const utf8 = new TextEncoder();

/** Any value: its tag, the length in the fewest bytes (8.1.3), and the contents one behind the other. */
export function der(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  let size = 0;
  for (const part of contents) size += part.length;
  const header = [tag, ...lengthOf(size)];
  const bytes = new Uint8Array(header.length + size);
  bytes.set(header);
  let at = header.length;
  for (const part of contents) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function lengthOf(size: number): number[] {
  if (size < 0x80) return [size];
  const bytes: number[] = [];
  for (let rest = size; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return [0x80 + bytes.length, ...bytes];
}

export function derSequence(...values: readonly Uint8Array[]): Uint8Array {
  return der(TAG.sequence, ...values);
}

/** A set of one value; of several, the caller gives them in the order that DER wants. */
export function derSet(...values: readonly Uint8Array[]): Uint8Array {
  return der(TAG.set, ...values);
}

export function derTrue(): Uint8Array {
  return der(TAG.boolean, Uint8Array.of(0xff));
}

/** A number that is not negative, from its bytes, the highest first. */
export function derInteger(magnitude: Uint8Array): Uint8Array {
  let from = 0;
  while (from < magnitude.length - 1 && magnitude[from] === 0) from++;
  const bytes = magnitude.subarray(from);
  // A high bit would make it negative (8.3.3).
  const sign = bytes.length === 0 || bytes[0] >= 0x80 ? Uint8Array.of(0) : new Uint8Array(0);
  return der(TAG.integer, sign, bytes);
}

/** Bits, of which the last `unusedBits` of the last byte do not count. */
export function derBits(bytes: Uint8Array, unusedBits = 0): Uint8Array {
  return der(TAG.bitString, Uint8Array.of(unusedBits), bytes);
}

export function derBytes(...contents: readonly Uint8Array[]): Uint8Array {
  return der(TAG.octetString, ...contents);
}

/** An object identifier as it is written, `1.2.840.10045.4.3.2`. */
export function derObjectId(dotted: string): Uint8Array {
  const [first, second, ...rest] = dotted.split('.').map(Number);
  const bytes: number[] = [];
  for (const arc of [first * 40 + second, ...rest]) {
    const groups = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) groups.unshift(128 + (left % 128));
    bytes.push(...groups);
  }
  return der(TAG.objectId, Uint8Array.from(bytes));
}

export function derText(text: string): Uint8Array {
  return der(TAG.utf8String, utf8.encode(text));
}

/** A moment as GeneralizedTime in UTC; milliseconds are cut, as certificates want it (RFC 5280, 4.1.2.5.2). */
export function derTime(msSince1970: number): Uint8Array {
  const digits = new Date(msSince1970).toISOString().replace(/[-:T]/g, '').slice(0, 14);
  return der(TAG.generalizedTime, utf8.encode(`${digits}Z`));
}
