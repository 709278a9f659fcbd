/** What a summary says of each interval, in columns. */

/** All columns have one element for each interval; NaN where there is nothing to say. */
export interface IntervalSummaries {
  /** µs; interval `i` is `starts[i] <= time < ends[i]`. */
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  /** Sum of the values; or their integral over time, in value x the time unit of the options. */
  readonly totals: Float64Array;
  readonly averages: Float64Array;
  readonly minimums: Float64Array;
  readonly maximums: Float64Array;
  /** When the least and the greatest value were first met, in µs. */
  readonly minimumTimes: Float64Array;
  readonly maximumTimes: Float64Array;
  /** Greatest less least value. */
  readonly ranges: Float64Array;
  readonly standardDeviations: Float64Array;
  /** Usable samples in the interval, whichever the basis. */
  readonly counts: Float64Array;
  /** Time in µs for which there is a usable value, whichever the basis. */
  readonly usableUs: Float64Array;
  /** Share of the samples, or of the time, that has a usable value: 0 to 100. */
  readonly percentGood: Float64Array;
  /**
   * `BadNoData` where nothing is usable; `UncertainDataSubNormal` where part of the interval is not, or rests on an
   * uncertain or extrapolated value; else Good. Each with the bits of a calculated value (OPC UA Part 4, 7.39).
   */
  readonly statuses: Uint32Array;
}

export function blankSummaries(boundaries: Float64Array): IntervalSummaries {
  const count = Math.max(0, boundaries.length - 1);
  const column = () => new Float64Array(count).fill(Number.NaN);
  return {
    starts: boundaries.slice(0, count),
    ends: boundaries.slice(1, count + 1),
    ...{ totals: column(), averages: column(), minimums: column(), maximums: column() },
    ...{ minimumTimes: column(), maximumTimes: column(), ranges: column(), standardDeviations: column() },
    ...{ counts: new Float64Array(count), usableUs: new Float64Array(count), percentGood: new Float64Array(count) },
    statuses: new Uint32Array(count),
  };
}
