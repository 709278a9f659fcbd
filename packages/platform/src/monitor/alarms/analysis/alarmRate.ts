/** How many alarms are announced, per operator and ten minutes, held against ANSI/ISA-18.2-2016 and EEMUA 191. */

import { ALARM_PRIORITIES, type AlarmPriority } from '@tidegate/core/alarm/alarmRecord.ts';
import { US_PER_DAY, US_PER_S } from '@tidegate/core/clock/timestamp.ts';
import type { AlarmEpisode } from './alarmEpisode.ts';

export const TEN_MINUTES_US = 600 * US_PER_S;

/** What one operator can bear: ANSI/ISA-18.2-2016, clause 16.5, tables 6 and 7; EEMUA 191, 3rd edition, 6.5. */
export const RATE_TARGETS = {
  /** Annunciations per operator: acceptable, and at most manageable. */
  perDay: { acceptable: 150, manageable: 300 },
  perTenMinutes: { acceptable: 1, manageable: 2 },
  /** Share of ten-minute periods with more than 10. */
  shareOverTen: 0.01,
  /** The most in any ten-minute period. */
  peak: 10,
  /** Share of annunciations by priority. */
  priorities: { critical: 0.01, high: 0.05, medium: 0.15, low: 0.8 },
} as const;

export type RateVerdict = 'acceptable' | 'manageable' | 'over-demanding';

export interface AlarmRate {
  /** Start of each period (µs), whole multiples of ten minutes UTC, and the activations in it, of all operators. */
  readonly starts: Float64Array;
  readonly counts: Uint32Array;
  /** The rest is per operator. */
  readonly perDay: number;
  readonly meanPerTenMinutes: number;
  readonly peakPerTenMinutes: number;
  /** Share of periods with more than 10 activations, from 0 to 1. */
  readonly shareOverTen: number;
  readonly verdict: RateVerdict;
  /** Of all activations, 0 to 1 each; all 0 where there are none. */
  readonly priorities: Readonly<Record<AlarmPriority, number>>;
}

/** The rate in `start <= time < end` (µs). Entries of the journal are no annunciations and are not counted. */
export function alarmRate(episodes: readonly AlarmEpisode[], start: number, end: number, operators = 1): AlarmRate {
  const first = Math.floor(start / TEN_MINUTES_US);
  const periods = Math.max(0, Math.ceil(end / TEN_MINUTES_US) - first);
  const counts = new Uint32Array(periods);
  const byPriority: Record<AlarmPriority, number> = { critical: 0, high: 0, medium: 0, low: 0, journal: 0 };
  let announced = 0;
  for (const { activated, priority } of episodes) {
    if (activated < start || activated >= end || priority === 'journal') continue;
    counts[Math.floor(activated / TEN_MINUTES_US) - first]++;
    byPriority[priority]++;
    announced++;
  }
  for (const priority of ALARM_PRIORITIES) byPriority[priority] /= Math.max(1, announced);
  const perDay = (announced * US_PER_DAY) / Math.max(1, end - start) / operators;
  const over = counts.reduce((sum, count) => sum + (count / operators > RATE_TARGETS.peak ? 1 : 0), 0);
  const meanPerTenMinutes = (perDay * TEN_MINUTES_US) / US_PER_DAY;
  return {
    starts: Float64Array.from(counts, (_, at) => (first + at) * TEN_MINUTES_US),
    counts,
    perDay,
    meanPerTenMinutes,
    peakPerTenMinutes: counts.reduce((most, count) => Math.max(most, count), 0) / operators,
    shareOverTen: over / Math.max(1, periods),
    verdict: verdictOn(meanPerTenMinutes),
    priorities: byPriority,
  };
}

function verdictOn(mean: number): RateVerdict {
  const { acceptable, manageable } = RATE_TARGETS.perTenMinutes;
  return mean <= acceptable ? 'acceptable' : mean <= manageable ? 'manageable' : 'over-demanding';
}
