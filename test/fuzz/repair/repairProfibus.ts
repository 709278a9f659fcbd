/** PROFIBUS: the lengths, the FCS and the end delimiter of whatever form the first byte begins. */

import type { Repair } from './repair.ts';

const END = 0x16;
/** Start delimiters (IEC 61158-4-3, 4.7): without data, with variable data, with eight bytes of data. */
const SHORT = 0x10;
const VARIABLE = 0x68;
const FIXED = 0xa2;
const FIXED_LENGTHS: ReadonlyMap<number, number> = new Map([
  [SHORT, 6],
  [FIXED, 14],
]);
const MAX_TELEGRAM_BYTES = 255;
const STATIONS = [2, 8, 42, 77];

export const repairProfibus: Repair = (frame, random) => {
  const length = FIXED_LENGTHS.get(frame[0]);
  if (length === undefined && frame[0] !== VARIABLE) return frame;
  const telegram = Buffer.alloc(length ?? Math.min(Math.max(frame.length, 9), MAX_TELEGRAM_BYTES));
  frame.copy(telegram);
  const body = length === undefined ? 4 : 1;
  if (length === undefined) telegram.set([VARIABLE, telegram.length - 6, telegram.length - 6, VARIABLE]);
  if (random.oneIn(2)) telegram[body] = (telegram[body] & 0x80) | random.pick(STATIONS);
  if (random.oneIn(2)) telegram[body + 1] = (telegram[body + 1] & 0x80) | random.pick(STATIONS);
  const checked = telegram.subarray(body, -2);
  telegram[telegram.length - 2] = checked.reduce((sum, byte) => sum + byte, 0);
  telegram[telegram.length - 1] = END;
  return telegram;
};
