/** Rows of intervals put together to as few points as a plot shows. */

export interface PointPlan {
  /** Beginning of the first point, µs since 1970 UTC. */
  readonly first: number;
  readonly pointUs: number;
  readonly count: number;
  /** A value stands for so much time before its own. */
  readonly intervalUs: number;
}

/** Points of whole intervals that hold `start <= time < end`; at most `most` of them. */
export function planPoints(start: number, end: number, intervalUs: number, most: number): PointPlan {
  const first = Math.floor(start / intervalUs) * intervalUs;
  const intervals = Math.max(1, Math.ceil((end - first) / intervalUs));
  const pointUs = Math.ceil(intervals / most) * intervalUs;
  return { first, pointUs, count: Math.ceil((intervals * intervalUs) / pointUs), intervalUs };
}

export type Reduction = 'mean' | 'least' | 'greatest' | 'last';

/** One number for each point, NaN where no value falls into it. Times are the ends of the intervals; NaN is no value. */
export function reduced(
  { first, pointUs, count, intervalUs }: PointPlan,
  times: Float64Array,
  values: Float64Array,
  reduction: Reduction,
): Float64Array {
  const points = new Float64Array(count).fill(Number.NaN);
  const counts = new Float64Array(count);
  for (let row = 0; row < times.length; row++) {
    const point = Math.floor((times[row] - intervalUs - first) / pointUs);
    const value = values[row];
    if (point < 0 || point >= count || !Number.isFinite(value)) continue;
    const before = points[point];
    counts[point]++;
    if (Number.isNaN(before) || reduction === 'last') points[point] = value;
    else if (reduction === 'mean') points[point] = before + (value - before) / counts[point];
    else points[point] = reduction === 'least' ? Math.min(before, value) : Math.max(before, value);
  }
  return points;
}
