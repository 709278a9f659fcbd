/** How long an equipment ran, and how often it started and stopped, from a state or a number that tells of it. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';

/** Samples in the order of time; each holds until the next one. */
export interface RunSamples {
  /** µs since 1970 UTC, ascending. */
  readonly times: Float64Array;
  readonly values: Float64Array;
  /** 1 where the status is not bad, 0 where it is; all are good where it is left out. NaN is never good. */
  readonly good?: Uint8Array;
}

export interface RunRule {
  /** It runs from a value above this on, and stands from one of at most `offAt` on; both in the unit of the values. */
  readonly onAbove: number;
  /** `onAbove` where it is left out. Below it, noise about one limit makes no starts. */
  readonly offAt?: number;
  /** A sample tells of no more than this after it (µs): what comes later is unknown. */
  readonly longestHoldUs: number;
}

export interface RunAccount {
  readonly runningHours: number;
  readonly standingHours: number;
  /** Bad data, gaps, and the time before anything is known: counted as neither. */
  readonly unknownHours: number;
  /** A start or stop that is hidden by a gap is one, as at least one there was. */
  readonly starts: number;
  readonly stops: number;
  /** Runs of which the start and the stop are known. */
  readonly cycles: number;
}

const US_PER_HOUR = 3_600e6;

/** From the first sample until `until` (µs). `health.bad-data` where times do not ascend, lengths differ or the rule is none. */
export function runAccount(samples: RunSamples, rule: RunRule, until: number): Result<RunAccount> {
  const { times, values, good } = samples;
  const { onAbove, offAt = onAbove, longestHoldUs } = rule;
  if (values.length !== times.length || (good && good.length !== times.length)) {
    return failure('health.bad-data', `${values.length} values for ${times.length} times.`);
  }
  if (!(offAt <= onAbove && longestHoldUs > 0)) {
    return failure('health.bad-data', `On above ${onAbove}, off at ${offAt}, held for ${longestHoldUs} µs: no rule.`);
  }
  const hours = { running: 0, standing: 0, unknown: 0 };
  const counts = { starts: 0, stops: 0, cycles: 0 };
  let known: boolean | undefined;
  let startSeen = false;
  for (let i = 0; i < times.length && times[i] < until; i++) {
    if (i > 0 && !(times[i] >= times[i - 1]))
      return failure('health.bad-data', `Sample ${i} is before the one before.`);
    const span = Math.min(until, times[i + 1] ?? until) - times[i];
    const isGood = Number.isFinite(values[i]) && (good === undefined || good[i] !== 0);
    if (!isGood) {
      hours.unknown += span;
      continue;
    }
    // Between the two limits it goes on as it was last known, and stands where nothing is known.
    const runs = values[i] > onAbove || (values[i] > offAt && known === true);
    if (known !== undefined && runs !== known) {
      if (runs) counts.starts++;
      else counts.stops++;
      if (!runs && startSeen) counts.cycles++;
      startSeen = runs;
    }
    known = runs;
    const held = Math.min(span, longestHoldUs);
    hours[runs ? 'running' : 'standing'] += held;
    hours.unknown += span - held;
  }
  return success({
    runningHours: hours.running / US_PER_HOUR,
    standingHours: hours.standing / US_PER_HOUR,
    unknownHours: hours.unknown / US_PER_HOUR,
    ...counts,
  });
}
