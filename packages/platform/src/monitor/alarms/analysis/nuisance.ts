/** Alarms that tell nobody anything: chattering, fleeting, stale, standing, duplicate, never acted upon; and bad actors. */

import { US_PER_DAY, US_PER_S } from '@tidegate/core/clock/timestamp.ts';
import type { AlarmEpisode } from './alarmEpisode.ts';

export interface NuisanceLimits {
  /** So many activations within the window are chattering: ANSI/ISA-18.2-2016, 3.1.17 and 16.5.6 say three in a minute. */
  readonly chatterCount: number;
  readonly chatterWindowUs: number;
  /** Active for longer is stale: ANSI/ISA-18.2-2016, 16.5.7. */
  readonly staleUs: number;
  /** Activated so close together is one event told twice. */
  readonly duplicateUs: number;
  /** Share of the activations of both alarms that have a partner. */
  readonly duplicateShare: number;
}

export const NUISANCE_LIMITS: NuisanceLimits = {
  chatterCount: 3,
  chatterWindowUs: 60 * US_PER_S,
  staleUs: US_PER_DAY,
  duplicateUs: 10 * US_PER_S,
  duplicateShare: 0.9,
};

/** A pair needs so many activations each before anything is said of it. */
const LEAST_DUPLICATES = 5;
const DUPLICATE_CANDIDATES = 500;

export interface AlarmNuisance {
  readonly key: string;
  readonly activations: number;
  /** Of all activations, from 0 to 1. */
  readonly share: number;
  /** The most activations within the window of chattering. */
  readonly mostInWindow: number;
  readonly chattering: boolean;
  /** Longest time that it was active, until `end` where it still is (µs). */
  readonly longestUs: number;
  /** Whether it was active for longer than `staleUs` at a stretch. */
  readonly stale: boolean;
  /** Active at the end of the period. */
  readonly standing: boolean;
  /** Activations that somebody acknowledged. */
  readonly acknowledged: number;
  /** Activated, and each time gone without anybody having acknowledged it. */
  readonly neverActedUpon: boolean;
}

export interface DuplicateAlarms {
  readonly keys: readonly [string, string];
  /** Activations that came together, and the share of all of both that did. */
  readonly together: number;
  readonly share: number;
}

/** One entry an alarm, the worst actor first. `episodes` are in the order of their activation, and all before `end` (µs). */
export function findNuisance(
  episodes: readonly AlarmEpisode[],
  end: number,
  limits: NuisanceLimits = NUISANCE_LIMITS,
): AlarmNuisance[] {
  const found = [...byAlarm(episodes)].map(([key, own]): AlarmNuisance => {
    const mostInWindow = mostWithin(own, limits.chatterWindowUs);
    const longestUs = own.reduce((most, { activated, returned = end }) => Math.max(most, returned - activated), 0);
    const acknowledged = own.filter((episode) => episode.acknowledged !== undefined).length;
    return {
      ...{ key, activations: own.length, share: own.length / episodes.length, mostInWindow },
      ...{ chattering: mostInWindow >= limits.chatterCount, longestUs, stale: longestUs > limits.staleUs },
      ...{ standing: own[own.length - 1].returned === undefined, acknowledged, neverActedUpon: acknowledged === 0 },
    };
  });
  return found.sort((a, b) => b.activations - a.activations || (a.key < b.key ? -1 : 1));
}

/** Pairs of alarms that come together, the surest first. */
export function findDuplicates(
  episodes: readonly AlarmEpisode[],
  limits: NuisanceLimits = NUISANCE_LIMITS,
): DuplicateAlarms[] {
  const often = [...byAlarm(episodes)].filter(([, own]) => own.length >= LEAST_DUPLICATES);
  const candidates = often.sort(([, a], [, b]) => b.length - a.length).slice(0, DUPLICATE_CANDIDATES);
  const found: DuplicateAlarms[] = [];
  for (const [at, [key, own]] of candidates.entries()) {
    for (const [other, others] of candidates.slice(at + 1)) {
      // Sorted by how many there are: with fewer than this, not enough of the first can have a partner.
      if ((2 * others.length) / (own.length + others.length) < limits.duplicateShare) break;
      const together = pairsWithin(own, others, limits.duplicateUs);
      const share = (2 * together) / (own.length + others.length);
      if (share >= limits.duplicateShare) found.push({ keys: [key, other], together, share });
    }
  }
  return found.sort((a, b) => b.share - a.share);
}

function byAlarm(episodes: readonly AlarmEpisode[]): Map<string, AlarmEpisode[]> {
  return Map.groupBy(episodes, ({ key }) => key);
}

function mostWithin(episodes: readonly AlarmEpisode[], windowUs: number): number {
  let most = 0;
  let tail = 0;
  for (const [at, { activated }] of episodes.entries()) {
    while (episodes[tail].activated <= activated - windowUs) tail++;
    most = Math.max(most, at - tail + 1);
  }
  return most;
}

/** The most pairs of one each that lie at most `withinUs` apart, each activation in one pair only. */
function pairsWithin(a: readonly AlarmEpisode[], b: readonly AlarmEpisode[], withinUs: number): number {
  let [pairs, i, j] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const apart = a[i].activated - b[j].activated;
    if (Math.abs(apart) <= withinUs) {
      pairs++;
      i++;
      j++;
    } else if (apart < 0) i++;
    else j++;
  }
  return pairs;
}
