/** The rate of alarms as bars: of long periods so many ten minutes share a bar as fit, and it shows the worst of them. */

export interface RateBar {
  /** Microseconds since 1970. */
  readonly startUs: number;
  readonly endUs: number;
  /** The most in ten minutes per operator. */
  readonly most: number;
}

const TEN_MINUTES_US = 600_000_000;

export function rateBars(
  periods: readonly number[],
  counts: readonly number[],
  operators: number,
  mostBars: number,
): RateBar[] {
  const share = Math.max(1, Math.ceil(periods.length / Math.max(1, mostBars)));
  const bars: RateBar[] = [];
  for (let first = 0; first < periods.length; first += share) {
    const last = Math.min(periods.length, first + share) - 1;
    const most = Math.max(...counts.slice(first, last + 1)) / operators;
    bars.push({ startUs: periods[first], endUs: periods[last] + TEN_MINUTES_US, most });
  }
  return bars;
}
