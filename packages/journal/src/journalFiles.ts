/** Every name that a journal gives to something on disk. */

/**
 * A segment: the number of its first record in 16 decimal digits, so that names sort as numbers do, and the salt of its
 * header checksums in 8 hexadecimal ones.
 */
const SEGMENT = /^(\d{16})-([0-9a-f]{8})\.segment$/;

/** Which numbers have been set aside for records; see `numberReservation.ts`. */
export const NUMBERS_FILE = 'numbers';
/** The next `numbers`, before it is renamed. */
export const NEW_NUMBERS_FILE = 'numbers.new';
/** A symbolic link to nothing, whose target names the process that has the journal open. */
export const LOCK_LINK = 'lock';

export interface SegmentName {
  readonly firstNumber: number;
  readonly salt: number;
}

export function segmentFileName({ firstNumber, salt }: SegmentName): string {
  return `${String(firstNumber).padStart(16, '0')}-${salt.toString(16).padStart(8, '0')}.segment`;
}

/** `undefined` where `fileName` is not the name of a segment. */
export function parseSegmentFileName(fileName: string): SegmentName | undefined {
  const match = SEGMENT.exec(fileName);
  if (!match) return undefined;
  return { firstNumber: Number(match[1]), salt: Number.parseInt(match[2], 16) };
}
