/** Every name that a journal gives to something on disk. */

import type { SealName } from './segmentCipher.ts';

/**
 * A segment: the number of its first record in 16 decimal digits, so that names sort as numbers do, and the salt of its
 * header checksums in 8 hexadecimal ones. Where its payloads are sealed, also what its key is derived from (32 digits), and
 * what tells whether the journal's key is the right one (16).
 */
const SEGMENT = /^(\d{16})-([0-9a-f]{8})(?:-([0-9a-f]{32})-([0-9a-f]{16}))?\.segment$/;

/** Which numbers have been set aside for records; see `numberReservation.ts`. */
export const NUMBERS_FILE = 'numbers';
/** A symbolic link to nothing, whose target names the process that has the journal open. */
export const LOCK_LINK = 'lock';

export interface SegmentName {
  readonly firstNumber: number;
  readonly salt: number;
  /** `undefined` where the payloads stand as they were given. */
  readonly seal?: SealName | undefined;
}

export function segmentFileName({ firstNumber, salt, seal }: SegmentName): string {
  const sealed = seal ? `-${seal.keySalt}-${seal.keyCheck}` : '';
  return `${String(firstNumber).padStart(16, '0')}-${salt.toString(16).padStart(8, '0')}${sealed}.segment`;
}

/** `undefined` where `fileName` is not the name of a segment. */
export function parseSegmentFileName(fileName: string): SegmentName | undefined {
  const match = SEGMENT.exec(fileName);
  if (!match) return undefined;
  const [, firstNumber, salt, keySalt, keyCheck] = match;
  const seal = keySalt === undefined ? {} : { seal: { keySalt, keyCheck } };
  return { firstNumber: Number(firstNumber), salt: Number.parseInt(salt, 16), ...seal };
}
