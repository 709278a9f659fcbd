/** How much the samples of some registers look like values of a type: from 0, not at all, to 1. */

import { type ByteOrder, byteOffsets } from '../byteOrder.ts';
import { REGISTERS } from '../dataType.ts';

/** Types among which a guess is made; texts are found in another way. */
export const GUESSED_TYPES = ['uint16', 'int16', 'float32', 'uint32', 'int32', 'float64'] as const;
export type GuessedType = (typeof GUESSED_TYPES)[number];

/** What plants measure lies in here; beyond, a number is the less likely the further it is. */
const USUAL_LOW = 1e-3;
const USUAL_HIGH = 1e6;
/** For each power of ten beyond what is usual. */
const PENALTY_PER_DECADE = 0.12;
/** A value that changes by more than this part of itself between two samples jumps. */
const JUMP = 0.5;
/** Small numbers have no more digits than this has. */
const SMALL_SHORT = 10_000;
/** A counter has soon gone beyond this, and what one register measures seldom does. */
const LARGE_SHORT = 10_000;
/** What a guess is worth that rests on one hint, and one that rests on none. */
const ONE_HINT = 0.75;
const NO_HINT = 0.3;
/** A guess is as good as another; then what makers do more often is the better one. */
const ORDER_PRIOR: Readonly<Record<ByteOrder, number>> = { ABCD: 1, CDAB: 0.97, BADC: 0.88, DCBA: 0.88 };
/** A register alone needs no reason. */
const PRIOR: Readonly<Record<GuessedType, number>> = {
  uint16: 0.55,
  int16: 0.54,
  float32: 1,
  uint32: 0.8,
  int32: 0.78,
  float64: 0.97,
};

const bytes = new Uint8Array(8);
const view = new DataView(bytes.buffer);

/** The value that a device of that order would mean by the registers from `at` on. */
export function valueAt(registers: Uint16Array, at: number, type: GuessedType, order: ByteOrder): number {
  const width = REGISTERS[type] * 2;
  const offsets = byteOffsets(order, width);
  for (let index = 0; index < width; index++) {
    const offset = offsets[index];
    bytes[index] = registers[at + (offset >> 1)] >> (offset % 2 === 0 ? 8 : 0);
  }
  switch (type) {
    case 'uint16':
      return view.getUint16(0);
    case 'int16':
      return view.getInt16(0);
    case 'float32':
      return view.getFloat32(0);
    case 'uint32':
      return view.getUint32(0);
    case 'int32':
      return view.getInt32(0);
    case 'float64':
      return view.getFloat64(0);
  }
}

/** `samples` are the same registers at different times, the oldest first. */
export function plausibility(samples: readonly Uint16Array[], at: number, type: GuessedType, order: ByteOrder): number {
  const width = REGISTERS[type];
  if (samples.some((sample) => sample.length < at + width)) return 0;
  const values = samples.map((sample) => valueAt(sample, at, type, order));
  const words = wordsOf(samples, at, width, order);
  return likeness(type, values, words) * PRIOR[type] * ORDER_PRIOR[order];
}

/** The words of each value over time, the most significant first. */
function wordsOf(samples: readonly Uint16Array[], at: number, width: number, order: ByteOrder): number[][] {
  const swapped = order === 'BADC' || order === 'DCBA' ? 'BADC' : 'ABCD';
  const words = Array.from({ length: width }, (_, word) =>
    samples.map((sample) => valueAt(sample, at + word, 'uint16', swapped)),
  );
  return order === 'ABCD' || order === 'BADC' ? words : words.reverse();
}

function likeness(type: GuessedType, values: readonly number[], words: readonly (readonly number[])[]): number {
  switch (type) {
    case 'float32':
      return likeAFloat(values);
    case 'float64':
      return likeAFloat(values) * likeAMantissa(words[2], words[3]);
    case 'uint16':
    case 'int16':
      return likeAShort(values, type);
    default:
      return likeALong(values, words[0], words[1], type);
  }
}

function likeAFloat(values: readonly number[]): number {
  // Zeros alone are no sign of a float, nor of anything else.
  if (values.every((value) => value === 0)) return 0;
  return Math.min(...values.map(usual)) * smoothness(values);
}

/** The last digits of a long float are all 0, or they look like chance; numbers of their own look like neither. */
function likeAMantissa(third: readonly number[], last: readonly number[]): number {
  if (third.every((word) => word === 0) && last.every((word) => word === 0)) return 1;
  const changes = last.slice(1).map((word, index) => Math.abs(word - last[index]));
  return changes.length > 0 && changes.some((change) => change > LARGE_SHORT / 10) ? 1 : ONE_HINT / 2;
}

function likeAShort(values: readonly number[], type: GuessedType): number {
  const negative = values.some((value) => value < 0);
  const small = values.every((value) => Math.abs(value) < SMALL_SHORT);
  // Near the end of the range of an unsigned number, a small negative one is more likely.
  return smoothness(values) * (type === 'int16' && negative && small ? 1.1 : 1);
}

/**
 * Two registers are one long number where the low one runs over and the high one carries on; a counter that is large and
 * grows is a hint.
 */
function likeALong(
  values: readonly number[],
  high: readonly number[],
  low: readonly number[],
  type: GuessedType,
): number {
  if (type === 'int32' && !values.some((value) => value < 0)) return 0;
  let carries = 0;
  for (let index = 1; index < values.length; index++) {
    if (Math.abs(values[index] - values[index - 1]) > 0xffff) return 0;
    const up = ((high[index] - high[index - 1] + 0x18000) & 0xffff) - 0x8000;
    if (up === 0) continue;
    const runsOver = Math.abs(up) === 1 && Math.sign(low[index] - low[index - 1]) === -Math.sign(up);
    if (!runsOver) return 0;
    carries++;
  }
  if (carries > 0) return 1;
  const grows = values.every((value, index) => index === 0 || value >= values[index - 1]) && new Set(low).size > 1;
  return grows && high[0] !== 0 && low[0] > LARGE_SHORT ? ONE_HINT : NO_HINT;
}

/** 1 for what plants measure, less for what lies beyond, 0 for what is no number. */
function usual(value: number): number {
  if (!Number.isFinite(value)) return 0;
  const size = Math.abs(value);
  if (size === 0) return 0.9;
  const beyond = size < USUAL_LOW ? Math.log10(USUAL_LOW / size) : Math.max(0, Math.log10(size / USUAL_HIGH));
  const sign = value < 0 ? 0.95 : 1;
  return Math.max(0, 1 - beyond * PENALTY_PER_DECADE - (beyond > 0 ? 0.1 : 0)) * sign;
}

/** 1 where each value is near the one before, down to 0.2 where all jump; what stands still is as smooth as can be. */
function smoothness(values: readonly number[]): number {
  let jumps = 0;
  for (let index = 1; index < values.length; index++) {
    const size = Math.max(Math.abs(values[index]), Math.abs(values[index - 1]));
    const change = Math.abs(values[index] - values[index - 1]);
    if (size > 0 && change / size > JUMP) jumps++;
    else if (size > 0) jumps += change / size / 10;
  }
  return values.length < 2 ? 1 : 1 - (0.8 * jumps) / (values.length - 1);
}
