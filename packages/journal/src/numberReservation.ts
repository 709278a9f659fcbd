/**
 * Keeps record numbers from being used twice, whatever happens to the segments.
 *
 * Numbers are set aside a stride at a time, durably, before the first of them is used. A journal that was closed goes on
 * at the number it had reached. One that was not (a crash, a power cut) goes on behind everything that was set aside, so
 * that a record which was acknowledged and then lost with its file cannot be followed by another of its number. Ceilings
 * are multiples of the stride: a gap in the numbers that ends on one is such a jump, any other gap is a loss.
 *
 * The file is one line: `TGJN <ceiling> <end, or - while open> <crc of what stands before, hexadecimal>`.
 */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { NUMBERS_FILE } from './journalFiles.ts';
import { replaceFile } from './replaceFile.ts';

export const NUMBER_STRIDE = 2 ** 20;
/** Where the file is lost: how far to jump over what may have been set aside and used. */
const LOST_FILE_STRIDES = 16;
const LINE = /^(TGJN (\d{1,16}) (\d{1,16}|-)) ([0-9a-f]{8})\n$/;

export interface ReservedNumbers {
  /** No number from here on has ever been used. */
  readonly ceiling: number;
  /** The next number, where the journal was closed. */
  readonly end: number | undefined;
}

/** `undefined` where there is no such file or it is damaged. */
export async function readReservation(directory: string): Promise<ReservedNumbers | undefined> {
  const text = await readFile(join(directory, NUMBERS_FILE), 'latin1').catch(() => '');
  const match = LINE.exec(text);
  if (!match || crc32(match[1]) !== Number.parseInt(match[4], 16)) return undefined;
  return { ceiling: Number(match[2]), end: match[3] === '-' ? undefined : Number(match[3]) };
}

/** Replaces the file atomically and durably. Throws what the file system throws. */
export async function writeReservation(directory: string, { ceiling, end }: ReservedNumbers): Promise<void> {
  const line = `TGJN ${ceiling} ${end ?? '-'}`;
  const text = `${line} ${crc32(line).toString(16).padStart(8, '0')}\n`;
  await replaceFile(join(directory, NUMBERS_FILE), text);
}

/** The next multiple of the stride above `number`. */
export function ceilingAbove(number: number): number {
  return (Math.floor(number / NUMBER_STRIDE) + 1) * NUMBER_STRIDE;
}

/** Where numbering goes on, if the segments show that every number below `seenEnd` may have been used. */
export function nextNumber(reserved: ReservedNumbers | undefined, seenEnd: number, hasSegments: boolean): number {
  if (!reserved) return hasSegments ? ceilingAbove(seenEnd) + LOST_FILE_STRIDES * NUMBER_STRIDE : 0;
  const next = reserved.end ?? reserved.ceiling;
  return next >= seenEnd ? next : ceilingAbove(seenEnd);
}
