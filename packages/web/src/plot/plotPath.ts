/** Outlines of lines and bands of a small plot, as the `d` of an SVG path. */

import type { PlotScale } from './plotScale.ts';

/** A value for each time; `null` where there is none. Microseconds since 1970, ascending. */
export interface PlotColumn {
  readonly times: readonly number[];
  readonly values: readonly (number | null)[];
}

const round = (pixels: number) => Math.round(pixels * 10) / 10;

/** Broken where there is no value; a stepped line holds each value until the next. */
export function linePath({ times, values }: PlotColumn, { x, y }: PlotScale, stepped = false): string {
  let path = '';
  let isDrawing = false;
  for (const [row, value] of values.entries()) {
    const at = round(x(times[row]));
    if (value === null) {
      if (isDrawing && stepped) path += `H${at}`;
      isDrawing = false;
      continue;
    }
    const height = round(y(value));
    if (!isDrawing) path += `M${at} ${height}`;
    else path += stepped ? `H${at}V${height}` : `L${at} ${height}`;
    isDrawing = true;
  }
  return path;
}

/** The area between two columns of the same times, in pieces where either has no value. */
export function bandPath(
  times: readonly number[],
  lows: readonly (number | null)[],
  highs: readonly (number | null)[],
  { x, y }: PlotScale,
): string {
  let path = '';
  let piece: number[] = [];
  const close = () => {
    if (piece.length > 1) {
      const over = piece.map((row) => `${round(x(times[row]))} ${round(y(highs[row] as number))}`);
      const under = piece.map((row) => `${round(x(times[row]))} ${round(y(lows[row] as number))}`).reverse();
      path += `M${over.join('L')}L${under.join('L')}Z`;
    }
    piece = [];
  };
  for (let row = 0; row < times.length; row++) {
    if (lows[row] === null || highs[row] === null) close();
    else piece.push(row);
  }
  close();
  return path;
}

/** The value that held at a moment: the newest not after it; `undefined` before the first. */
export function valueAt({ times, values }: PlotColumn, timeUs: number): number | null | undefined {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] <= timeUs) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? undefined : values[low - 1];
}

/** Numbers as JSON has them: not-a-number and the infinities are texts there, and are no heights. */
export function plotValues(values: readonly (number | string | null | undefined)[]): (number | null)[] {
  return values.map((value) => (typeof value === 'number' && Number.isFinite(value) ? value : null));
}
