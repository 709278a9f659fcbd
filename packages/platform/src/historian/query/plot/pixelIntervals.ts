/** A range of time cut into the intervals that the columns of pixels of a picture show. */

/** Interval `i` is `edges[i] <= time < edges[i + 1]`; the first edge is the start of the range, the last one its end. */
export interface PixelIntervals {
  readonly edges: Float64Array;
  /** Number of the interval in which `time` lies, which must be in the range. */
  at(time: number): number;
}

/** `width` intervals of equal length; `start` and `end` in µs, `start < end`. */
export function pixelIntervals(start: number, end: number, width: number): PixelIntervals {
  const edges = new Float64Array(width + 1);
  for (let at = 0; at < width; at++) edges[at] = start + ((end - start) * at) / width;
  edges[width] = end;
  const perUs = width / (end - start);
  return {
    edges,
    at(time) {
      let interval = Math.min(width - 1, Math.floor((time - start) * perUs));
      // The quotient and the edges are rounded apart; the edges decide.
      while (time < edges[interval]) interval--;
      while (time >= edges[interval + 1]) interval++;
      return interval;
    },
  };
}
