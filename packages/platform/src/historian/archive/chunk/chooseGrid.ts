/** Chooses the grid on which the values of a chunk take the fewest bits. */

import { MAX_CHUNK_SAMPLES, ValueCoding } from './chunkLayout.ts';
import { findSpacing } from './evenSpacing.ts';
import { findDecimalGrid, levelsOf, POWERS_OF_TEN, type ValueGrid } from './valueGrid.ts';

/** A grid of so few levels cannot be bettered by much. */
const FEW_LEVELS = 8;
/** A coarser grid than the decimals must be this much coarser, to be worth the search. */
const MIN_COARSER = 2.5;
/** A little less than half: a number that is rounded half way could go either way. */
const HALF = 0.4999;
/** Half a unit in the last place of a float32, by the exponent of a float64. */
const FLOAT32_SLACKS = Float64Array.from({ length: 2048 }, (_, exponent) => HALF * 2 ** (exponent - 1023 - 23));

const numbers = new Float64Array(MAX_CHUNK_SAMPLES);
const slacks = new Float64Array(MAX_CHUNK_SAMPLES);

/** Writes the levels of the first `count` values; `undefined` where they are on no grid. */
export function chooseGrid(values: Float64Array, count: number, levels: Int32Array): ValueGrid | undefined {
  if (isConstant(values, count)) {
    const constant: ValueGrid = { coding: ValueCoding.exact, base: values[0], step: 0, places: 0 };
    return levelsOf(constant, values, count, levels) ? constant : undefined;
  }
  const decimal = findDecimalGrid(values, count);
  const coarser = decimal ? findRoundedGrid(decimal, values, count) : findFloat32Grid(values, count);
  if (coarser && levelsOf(coarser, values, count, levels)) return coarser;
  return decimal && levelsOf(decimal, values, count, levels) ? decimal : undefined;
}

function isConstant(values: Float64Array, count: number): boolean {
  for (let row = 1; row < count; row++) if (!Object.is(values[row], values[0])) return false;
  return true;
}

/** Levels that were rounded to decimals: counts of a converter that someone wrote with two places. */
function findRoundedGrid(decimal: ValueGrid, values: Float64Array, count: number): ValueGrid | undefined {
  const { places, step } = decimal;
  const scale = POWERS_OF_TEN[places];
  let [least, greatest] = [values[0], values[0]];
  for (let row = 0; row < count; row++) {
    const value = values[row];
    if (value < least) least = value;
    if (value > greatest) greatest = value;
    numbers[row] = Math.floor(value * scale + 0.5);
  }
  if (((greatest - least) * scale) / step < FEW_LEVELS) return undefined;
  const spacing = findSpacing(numbers, slacks.fill(HALF, 0, count), count);
  if (!spacing || spacing.step < step * MIN_COARSER) return undefined;
  return { coding: ValueCoding.decimal, ...spacing, places };
}

/** Levels that were rounded to float32. */
function findFloat32Grid(values: Float64Array, count: number): ValueGrid | undefined {
  const bits = new Uint32Array(values.buffer, values.byteOffset, count * 2);
  let zero = false;
  for (let row = 0; row < count; row++) {
    const value = values[row];
    if (Math.fround(value) !== value || value - value !== 0) return undefined;
    if (value === 0) zero = true;
    slacks[row] = FLOAT32_SLACKS[(bits[row * 2 + 1] >>> 20) & 0x7ff];
  }
  const spacing = findSpacing(values, slacks, count);
  if (!spacing) return undefined;
  // Only a base of 0 gives a 0 that is nothing but 0.
  const base = zero ? 0 : spacing.base;
  return { coding: ValueCoding.float32, base, step: spacing.step, places: 0 };
}
