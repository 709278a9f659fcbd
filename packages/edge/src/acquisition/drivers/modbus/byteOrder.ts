/**
 * The order in which a device lays the bytes of a value into its registers.
 *
 * Modbus sends each register high byte first (V1.1b3, 4.2) and says nothing of values longer than one. The letters name
 * the bytes of the value, A the most significant, in the order in which they come: ABCD is big-endian throughout, CDAB
 * swaps the words, BADC the bytes within each word, DCBA both.
 */

export type ByteOrder = 'ABCD' | 'CDAB' | 'BADC' | 'DCBA';

export const BYTE_ORDERS: readonly ByteOrder[] = ['ABCD', 'CDAB', 'BADC', 'DCBA'];

/** Every accepted spelling: for 48 and 64 bits the natural extension, for 16 bits the two that differ. */
const SPELLINGS: Readonly<Record<string, { readonly order: ByteOrder; readonly bytes?: number }>> = {
  ABCD: { order: 'ABCD' },
  CDAB: { order: 'CDAB' },
  BADC: { order: 'BADC' },
  DCBA: { order: 'DCBA' },
  ABCDEF: { order: 'ABCD', bytes: 6 },
  EFCDAB: { order: 'CDAB', bytes: 6 },
  BADCFE: { order: 'BADC', bytes: 6 },
  FEDCBA: { order: 'DCBA', bytes: 6 },
  ABCDEFGH: { order: 'ABCD', bytes: 8 },
  GHEFCDAB: { order: 'CDAB', bytes: 8 },
  BADCFEHG: { order: 'BADC', bytes: 8 },
  HGFEDCBA: { order: 'DCBA', bytes: 8 },
  AB: { order: 'ABCD', bytes: 2 },
  BA: { order: 'BADC', bytes: 2 },
};

/** `undefined` where `text` names no order of a value of `bytes` bytes. */
export function parseByteOrder(text: string, bytes: number): ByteOrder | undefined {
  const name = text.toUpperCase();
  const spelling = Object.hasOwn(SPELLINGS, name) ? SPELLINGS[name] : undefined;
  return spelling && (spelling.bytes ?? bytes) === bytes ? spelling.order : undefined;
}

/** By order and number of bytes. Points whose bytes lie alike share one table, so that those of thousands stay in a cache. */
const OFFSETS = new Map<string, Uint8Array>();

/** For each byte of a value, the most significant first, its offset in the registers as they come. Not to be changed. */
export function byteOffsets(order: ByteOrder, bytes: number): Uint8Array {
  const name = `${order}${bytes}`;
  const offsets = OFFSETS.get(name) ?? offsetsOf(order, bytes);
  OFFSETS.set(name, offsets);
  return offsets;
}

function offsetsOf(order: ByteOrder, bytes: number): Uint8Array {
  return Uint8Array.from({ length: bytes }, (_, index) => {
    switch (order) {
      case 'ABCD':
        return index;
      case 'BADC':
        return index ^ 1;
      case 'CDAB':
        return bytes - 2 - (index & ~1) + (index & 1);
      case 'DCBA':
        return bytes - 1 - index;
    }
  });
}
