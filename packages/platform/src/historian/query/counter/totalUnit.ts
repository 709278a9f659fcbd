/** The unit of a total: what a rate comes to when it is summed up over time. */

import { US_PER_MS, US_PER_S } from '@tidegate/core/clock/timestamp.ts';

/** Units of time of UCUM in µs; month and year are its mean Julian ones (UCUM 1.9, table 5). */
const UCUM_TIME_US: Readonly<Record<string, number>> = {
  us: 1,
  ms: US_PER_MS,
  s: US_PER_S,
  min: 60 * US_PER_S,
  h: 3_600 * US_PER_S,
  d: 86_400 * US_PER_S,
  wk: 604_800 * US_PER_S,
  mo: 2_629_800 * US_PER_S,
  a: 31_557_600 * US_PER_S,
};
const PER_TIME = /^(.+)\/(us|ms|s|min|h|d|wk|mo|a)$/;

export interface TotalUnit {
  /** UCUM unit of the total. */
  readonly unit: string;
  /** The `timeUnitUs` with which a time-weighted summary makes totals in this unit. */
  readonly timeUnitUs: number;
}

/**
 * Total of a tag with the UCUM unit `rate`: `m3/h` comes to `m3`, by the hour. Where a unit is not per time it is multiplied
 * by `timeUnit`: `kW` comes to `kW.h`. A `timeUnit` that is given and differs from that of the rate is used likewise:
 * `m3/h` by `d` comes to `m3/h.d`. `undefined` where `timeUnit` is none of us, ms, s, min, h, d, wk, mo and a.
 */
export function totalUnit(rate: string, timeUnit?: string): TotalUnit | undefined {
  const match = PER_TIME.exec(rate);
  if (match && (timeUnit === undefined || timeUnit === match[2])) {
    return { unit: match[1], timeUnitUs: UCUM_TIME_US[match[2]] };
  }
  const by = timeUnit ?? 'h';
  if (!Object.hasOwn(UCUM_TIME_US, by)) return undefined;
  return { unit: rate === '' || rate === '1' ? by : `${rate}.${by}`, timeUnitUs: UCUM_TIME_US[by] };
}
