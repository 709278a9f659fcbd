/**
 * Addresses of points, as MELSEC programs write them: `D100`, `W1A0`, `M20`, `X1F`; `D100.F` is a bit of a word.
 *
 * Invariant: a place is counted in words of 16 bits, those of bits too, so that everything is read in words.
 */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';

/** A kind of memory: "device" in the manual, which here means the controller. */
export interface Memory {
  readonly name: string;
  /** MELSEC Communication Protocol Reference Manual SH(NA)-080008, 8.1, "Device code list", binary. */
  readonly code: number;
  /** In which its numbers are written. */
  readonly radix: 10 | 16;
  readonly holds: 'bits' | 'words';
}

export interface SlmpAddress {
  readonly memory: Memory;
  /** In words. */
  readonly first: number;
  /** The bit that is meant; 0 is the lowest. */
  readonly bit: number | undefined;
}

const MEMORIES: readonly Memory[] = [
  { name: 'SM', code: 0x91, radix: 10, holds: 'bits' },
  { name: 'SD', code: 0xa9, radix: 10, holds: 'words' },
  { name: 'SB', code: 0xa1, radix: 16, holds: 'bits' },
  { name: 'SW', code: 0xb5, radix: 16, holds: 'words' },
  { name: 'TN', code: 0xc2, radix: 10, holds: 'words' },
  { name: 'CN', code: 0xc5, radix: 10, holds: 'words' },
  { name: 'X', code: 0x9c, radix: 16, holds: 'bits' },
  { name: 'Y', code: 0x9d, radix: 16, holds: 'bits' },
  { name: 'M', code: 0x90, radix: 10, holds: 'bits' },
  { name: 'L', code: 0x92, radix: 10, holds: 'bits' },
  { name: 'F', code: 0x93, radix: 10, holds: 'bits' },
  { name: 'B', code: 0xa0, radix: 16, holds: 'bits' },
  { name: 'D', code: 0xa8, radix: 10, holds: 'words' },
  { name: 'W', code: 0xb4, radix: 16, holds: 'words' },
  { name: 'R', code: 0xaf, radix: 10, holds: 'words' },
];
export const BITS_PER_WORD = 16;
/** Longer names come first. */
const ADDRESS = new RegExp(
  String.raw`^(${MEMORIES.map(({ name }) => name).join('|')})([\da-f]{1,7})(?:\.([\da-f]))?$`,
  'i',
);
/** Numbers have three bytes. */
const LAST_NUMBER = 0xff_ff_ff;
const EXAMPLES = 'write D100, W1A0, M20, X1F or, for a bit of a word, D100.F';

/** Fault: `point.address`. */
export function parseAddress(text: string): Result<SlmpAddress> {
  const [, name = '', digits = '', bit] = ADDRESS.exec(text.trim()) ?? [];
  const memory = MEMORIES.find((known) => known.name === name.toUpperCase());
  if (!memory) return failure('point.address', `"${text}" is no address: ${EXAMPLES}`);
  if (memory.radix === 10 && !/^\d+$/.test(digits)) {
    return failure('point.address', `"${text}": ${memory.name} is counted in decimal, such as ${memory.name}100`);
  }
  const number = Number.parseInt(digits, memory.radix);
  if (number > LAST_NUMBER) return failure('point.address', `"${text}" is beyond the last address`);
  if (memory.holds === 'words') {
    return success({ memory, first: number, bit: bit === undefined ? undefined : Number.parseInt(bit, 16) });
  }
  if (bit !== undefined) return failure('point.address', `"${text}": ${memory.name}${digits} is a bit by itself`);
  return success({ memory, first: Math.floor(number / BITS_PER_WORD), bit: number % BITS_PER_WORD });
}
