/** How many operating modes the rows speak for: groups with next to nothing between them, or a single one. */

import { seededRandom } from '../boost/seededRandom.ts';
import { clusterRows, nearestCentre } from '../detect/clusterRows.ts';
import type { ModeOptions } from '../detect/operatingModes.ts';
import { medianScaling } from '../detect/scaling.ts';
import type { UsableRows } from '../detect/signalTable.ts';

/** How modes are looked for in rows of features. */
export const MODES: ModeOptions = { mostModes: 6, fewestRows: 100, seed: 1 };
/** Of the rows between two centres, the share that may lie in the fifth in the middle; evenly spread it would be a fifth. */
const MOST_BETWEEN = 0.05;
const MIDDLE = [0.4, 0.6];
/** More rows are thinned: groups that so many do not show are none. */
const MOST_ROWS = 3_000;

/**
 * A load that rises and falls smoothly is cut into as many groups as one likes, and none is a mode. The count is that of
 * `clusterRows` with these options, or the next lower one whose groups are apart.
 */
export function modeCount(all: UsableRows, options: ModeOptions): number {
  const rows = thinned(all);
  const scaling = medianScaling(rows);
  const { width } = rows;
  const values = rows.values.map((value, at) => (value - scaling.centre[at % width]) / scaling.spread[at % width]);
  let most = options.mostModes;
  while (most > 1) {
    const limits = { mostModes: most, fewestRows: (options.fewestRows * rows.count) / all.count };
    const centres = clusterRows(rows, scaling, limits, seededRandom(options.seed));
    const count = centres.length / width;
    if (count === 1 || areApart(values, centres, width)) return count;
    most = count - 1;
  }
  return 1;
}

function thinned(rows: UsableRows): UsableRows {
  const { width } = rows;
  const step = Math.ceil(rows.count / MOST_ROWS);
  const count = Math.floor(rows.count / step);
  const values = new Float64Array(count * width);
  for (let row = 0; row < count; row++) {
    values.set(rows.values.subarray(row * step * width, (row * step + 1) * width), row * width);
  }
  return { names: rows.names, width, count, values };
}

function areApart(values: Float64Array, centres: Float64Array, width: number): boolean {
  const count = centres.length / width;
  const between = new Int32Array(count * count);
  const middle = new Int32Array(count * count);
  for (let start = 0; start < values.length; start += width) {
    const own = nearestCentre(values, start, centres, width);
    for (let other = 0; other < count; other++) {
      if (other === own) continue;
      const place = placeBetween(values, start, centres, own, other, width);
      if (place < 0) continue;
      const pair = Math.min(own, other) * count + Math.max(own, other);
      between[pair]++;
      if (place > MIDDLE[0] && place < MIDDLE[1]) middle[pair]++;
    }
  }
  return between.every((rows, pair) => middle[pair] <= MOST_BETWEEN * rows);
}

/** 0 at the own centre, 1 at the other one, along the line through both. */
function placeBetween(
  values: Float64Array,
  start: number,
  centres: Float64Array,
  own: number,
  other: number,
  width: number,
): number {
  let along = 0;
  let square = 0;
  for (let i = 0; i < width; i++) {
    const way = centres[other * width + i] - centres[own * width + i];
    along += way * (values[start + i] - centres[own * width + i]);
    square += way * way;
  }
  return square > 0 ? along / square : 0.5;
}
