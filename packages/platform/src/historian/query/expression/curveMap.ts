/** A curve or a map of a machine as a table: a value over one axis, or over the grid of two. */

/** One axis of a table: at least two values that rise strictly. */
export interface CurveAxis {
  /** UCUM code, empty where there is none. */
  readonly unit: string;
  readonly values: Float64Array;
}

/**
 * Between the points of the table the value is piecewise linear in `x`, or bilinear in `x` and `y`. Outside of the table it is
 * that of the nearest edge, with UncertainEngineeringUnitsExceeded, or BadOutOfRange.
 */
export interface CurveMap {
  readonly x: CurveAxis;
  /** Absent of a curve. */
  readonly y?: CurveAxis | undefined;
  /** The value at `x[i]` and `y[j]` stands at `j * x.length + i`; its unit is a UCUM code. */
  readonly z: { readonly unit: string; readonly values: Float64Array };
  readonly outside: 'clamp' | 'bad';
}

/** Of maps that formulas call by name. */
export type CurveMaps = ReadonlyMap<string, CurveMap>;

/** What is wrong with a table, as half a sentence; `undefined` where it is right. */
export function curveMapDefect({ x, y, z }: CurveMap): string | undefined {
  for (const [name, axis] of [['x', x] as const, ...(y ? [['y', y] as const] : [])]) {
    if (axis.values.length < 2) return `its axis ${name} needs at least two values`;
    const at = axis.values.findIndex((value, index) => !(Number.isFinite(value) && !(value <= axis.values[index - 1])));
    if (at >= 0) return `its axis ${name} must rise strictly, which ${axis.values[at]} at place ${at + 1} does not`;
  }
  const wanted = x.values.length * (y?.values.length ?? 1);
  if (z.values.length !== wanted) return `it has ${z.values.length} values where its axes want ${wanted}`;
  return z.values.every(Number.isFinite) ? undefined : 'one of its values is no finite number';
}

/** What `mapValue` gives; the one record is used again, so that a look-up allocates nothing. */
export interface MapReading {
  value: number;
  isOutside: boolean;
}

/** The value at `x` (and `y`, which a curve ignores), which are finite; outside of the table that of its edge. */
export function mapValue(map: CurveMap, x: number, y: number, into: MapReading): MapReading {
  const across = map.x.values;
  const [low, high] = [across[0], across[across.length - 1]];
  const i = cellOf(across, x);
  const dx = fractionOf(across, i, x);
  const z = map.z.values;
  into.isOutside = x < low || x > high;
  into.value = z[i] + (z[i + 1] - z[i]) * dx;
  if (!map.y) return into;
  const up = map.y.values;
  const j = cellOf(up, y);
  const dy = fractionOf(up, j, y);
  const below = j * across.length + i;
  const above = below + across.length;
  const lower = z[below] + (z[below + 1] - z[below]) * dx;
  const upper = z[above] + (z[above + 1] - z[above]) * dx;
  into.isOutside ||= y < up[0] || y > up[up.length - 1];
  into.value = lower + (upper - lower) * dy;
  return into;
}

/** The last point of the axis that is not beyond `value`, and never the very last, so that one follows. */
function cellOf(axis: Float64Array, value: number): number {
  let low = 0;
  let high = axis.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (axis[middle] <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

function fractionOf(axis: Float64Array, at: number, value: number): number {
  return Math.min(1, Math.max(0, (value - axis[at]) / (axis[at + 1] - axis[at])));
}
