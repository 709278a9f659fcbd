/** Reads the elements of a DER text (X.690) one after the other; bytes that are none end the reading. */

export const DER = { integer: 0x02, bitString: 0x03, boolean: 0x01, utcTime: 0x17, generalizedTime: 0x18 } as const;
export const SEQUENCE = 0x30;

export interface DerElement {
  readonly tag: number;
  readonly content: Uint8Array;
  /** Tag and length as well. */
  readonly whole: Uint8Array;
}

/** The elements within `bytes`; `undefined` where they do not fill it exactly. */
export function derElements(bytes: Uint8Array): readonly DerElement[] | undefined {
  const elements: DerElement[] = [];
  let at = 0;
  while (at < bytes.length) {
    const element = elementAt(bytes, at);
    if (!element) return undefined;
    elements.push(element);
    at += element.whole.length;
  }
  return elements;
}

function elementAt(bytes: Uint8Array, at: number): DerElement | undefined {
  const first = bytes[at + 1];
  // A length of up to 127 stands alone; before a longer one stands how many bytes it has (X.690, 8.1.3).
  const lengthBytes = first === undefined || first < 0x80 ? 0 : first & 0x7f;
  if (first === undefined || first === 0x80 || lengthBytes > 4) return undefined;
  const begin = at + 2 + lengthBytes;
  if (begin > bytes.length) return undefined;
  let length = lengthBytes === 0 ? first : 0;
  for (let index = at + 2; index < begin; index++) length = length * 256 + bytes[index];
  const end = begin + length;
  if (end > bytes.length) return undefined;
  return { tag: bytes[at], content: bytes.subarray(begin, end), whole: bytes.subarray(at, end) };
}
