/** A series made to never rise, or never fall, with the least change: wear does not heal. */

/**
 * The non-increasing series nearest to the values in weighted squares (pool adjacent violators, Ayer et al. 1955).
 * Missing values stay missing and weigh nothing.
 */
export function fallingTrend(values: Float64Array): Float64Array {
  const means: number[] = [];
  const counts: number[] = [];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    let mean = value;
    let count = 1;
    while (means.length > 0 && means[means.length - 1] < mean) {
      const before = counts.pop()!;
      mean = (means.pop()! * before + mean * count) / (before + count);
      count += before;
    }
    means.push(mean);
    counts.push(count);
  }
  let pool = 0;
  let used = 0;
  return values.map((value) => {
    if (Number.isNaN(value)) return value;
    if (used === counts[pool]) {
      pool++;
      used = 0;
    }
    used++;
    return means[pool];
  });
}
