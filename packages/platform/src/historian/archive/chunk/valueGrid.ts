/** The evenly spaced levels on which measured values stand: counts of a converter, decimals, whole numbers. */

import { ValueCoding } from './chunkLayout.ts';

/** `value = f(base + n * step)` with a whole number n; f rounds as `coding` says, `places` are those of `decimal`. */
export interface ValueGrid {
  readonly coding: ValueCoding;
  readonly base: number;
  /** Greater than 0, or 0 where all values are equal. */
  readonly step: number;
  readonly places: number;
}

/** Powers of ten that a float64 holds exactly and that measured values are written with. */
export const POWERS_OF_TEN = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9] as const;
/** Level numbers stay below this on either side. */
export const MAX_LEVEL = 2 ** 30;

/** Writes the level of each value into `levels`. False where a value is not exactly on the grid. */
export function levelsOf(grid: ValueGrid, values: Float64Array, count: number, levels: Int32Array): boolean {
  const { base, step } = grid;
  const scale = POWERS_OF_TEN[grid.places];
  const perStep = step === 0 ? 0 : 1 / step;
  let wide = 0;
  switch (grid.coding) {
    case ValueCoding.float32:
      for (let row = 0; row < count; row++) {
        const level = Math.floor((values[row] - base) * perStep + 0.5) | 0;
        levels[row] = level;
        wide |= level ^ (level >> 31);
        if (Math.fround(base + level * step) !== values[row]) return false;
      }
      break;
    case ValueCoding.decimal:
      for (let row = 0; row < count; row++) {
        const level = Math.floor((values[row] * scale - base) * perStep + 0.5) | 0;
        levels[row] = level;
        wide |= level ^ (level >> 31);
        if (Math.floor(base + level * step + 0.5) / scale !== values[row]) return false;
      }
      break;
    default:
      for (let row = 0; row < count; row++) {
        const level = Math.floor((values[row] - base) * perStep + 0.5) | 0;
        levels[row] = level;
        wide |= level ^ (level >> 31);
        if (base + level * step !== values[row]) return false;
      }
  }
  return wide < MAX_LEVEL && !holdsMinusZero(values, count);
}

/** A grid has no level for it, and no comparison finds it. */
function holdsMinusZero(values: Float64Array, count: number): boolean {
  for (let row = 0; row < count; row++) if (values[row] === 0 && 1 / values[row] < 0) return true;
  return false;
}

/** Whether every level below 2^31 on either side has a finite value. */
export function isFiniteGrid({ base, step }: ValueGrid): boolean {
  return Number.isFinite(Math.fround(Math.abs(base) + Math.abs(step) * 2 ** 31));
}

/** The value of a level. */
export function valueOfLevel({ coding, base, step, places }: ValueGrid, level: number): number {
  const plain = base + level * step;
  if (coding === ValueCoding.float32) return Math.fround(plain);
  return coding === ValueCoding.decimal ? Math.floor(plain + 0.5) / POWERS_OF_TEN[places] : plain;
}

/** The coarsest decimal grid that holds every value: the fewest places, and the greatest common step. */
export function findDecimalGrid(values: Float64Array, count: number): ValueGrid | undefined {
  let places = 0;
  let scale = 1;
  for (let row = 0; row < count; ) {
    const value = values[row];
    // NaN and the infinities fail the comparison, and so does what is too great for a whole number to be exact.
    const whole = Math.floor(value * scale + 0.5);
    if (whole / scale === value && whole < 2 ** 52 && whole > -(2 ** 52)) row++;
    else if (++places === POWERS_OF_TEN.length || value - value !== 0) return undefined;
    else {
      scale = POWERS_OF_TEN[places];
      row = 0;
    }
  }
  const base = Math.floor(values[0] * scale + 0.5);
  let step = 0;
  for (let row = 1; row < count && step !== 1; row++) {
    const distance = Math.abs(Math.floor(values[row] * scale + 0.5) - base);
    if (distance !== 0) step = step === 0 ? distance : commonDivisor(step, distance);
  }
  return { coding: ValueCoding.decimal, base, step: step || 1, places };
}

function commonDivisor(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}
