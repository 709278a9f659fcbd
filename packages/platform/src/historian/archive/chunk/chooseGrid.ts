/** Chooses the grid on which the values of a chunk take the fewest bits. */

import { ValueCoding } from './chunkLayout.ts';
import { findDecimalGrid, levelsOf, type ValueGrid } from './valueGrid.ts';

/** Writes the levels of the first `count` values; `undefined` where they are on no grid. */
export function chooseGrid(values: Float64Array, count: number, levels: Int32Array): ValueGrid | undefined {
  const constant: ValueGrid = { coding: ValueCoding.exact, base: values[0], step: 0, places: 0 };
  if (levelsOf(constant, values, count, levels)) return constant;
  const decimal = findDecimalGrid(values, count);
  if (decimal && levelsOf(decimal, values, count, levels)) return decimal;
  return undefined;
}
