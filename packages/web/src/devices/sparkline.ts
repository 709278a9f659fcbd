/** The outline of a small line over time, as the `d` of an SVG path. */

export interface SparkSamples {
  /** Microseconds since 1970, ascending. */
  readonly times: readonly number[];
  readonly values: readonly (number | string | null)[];
}

export interface SparkFrame {
  readonly width: number;
  readonly height: number;
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * A line from 0 at the bottom to the greatest value at the top, broken where there is no value. The last value holds until
 * the end, because one that does not change is not sent again. Empty where there is nothing to draw.
 */
export function sparkPath({ times, values }: SparkSamples, { width, height, startMs, endMs }: SparkFrame): string {
  const top = greatest(values);
  if (top === undefined) return '';
  const x = (ms: number) => round(Math.max(0, ((ms - startMs) / (endMs - startMs)) * width));
  const y = (value: number) => round(height - (top === 0 ? 0 : value / top) * height);
  let path = '';
  let drawing = false;
  for (const [row, value] of values.entries()) {
    if (typeof value === 'number') path += `${drawing ? 'L' : 'M'}${x(times[row] / 1_000)} ${y(value)}`;
    drawing = typeof value === 'number';
  }
  const last = values.at(-1);
  return typeof last === 'number' ? `${path}L${x(endMs)} ${y(last)}` : path;
}

/** `undefined` where there is no number. */
export function greatest(values: SparkSamples['values']): number | undefined {
  let top: number | undefined;
  for (const value of values) if (typeof value === 'number') top = Math.max(top ?? 0, value);
  return top;
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
