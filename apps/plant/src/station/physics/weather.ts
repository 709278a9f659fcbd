/** The air around the station: a northern Alberta year with its days, and weather that comes and goes within a week. */

import { dayOfYear, hourOfDay, S_PER_DAY } from './calendar.ts';
import { Lag } from './lag.ts';
import type { Random } from './random.ts';

/**
 * After the climate normals of Fort McMurray and High Level (Environment and Climate Change Canada, 1991 to 2020): a mean
 * of about -1 Cel with 20 K between it and the coldest time in the middle of January; this station lies in a cold hollow.
 */
const YEAR_MEAN_C = -6;
const YEAR_AMPLITUDE_K = 25;
const COLDEST_DAY = 15;
/** Of half a day's swing, in winter; the summer sun makes more of it. */
const DAY_AMPLITUDE_K = 3;
const SUMMER_DAY_AMPLITUDE_K = 5;
const WARMEST_HOUR = 15;
/** Highs and lows that pass: a walk that returns, smoothed, with this deviation. */
const SYNOPTIC_DEVIATION_K = 3.5;
const SYNOPTIC_TIME_S = 2.5 * S_PER_DAY;
const FRONT_TIME_S = 6 * 3_600;
/** Of a smoothed walk, what the smoothing leaves: sqrt(T / (T + T_front)). */
const SMOOTHED = Math.sqrt(SYNOPTIC_TIME_S / (SYNOPTIC_TIME_S + FRONT_TIME_S));

export class Weather {
  ambientC: number;
  readonly #random: Random;
  readonly #front: Lag;
  #walk: number;

  constructor(random: Random, timeS: number) {
    this.#random = random;
    this.#walk = (SYNOPTIC_DEVIATION_K / SMOOTHED) * random.normal();
    this.#front = new Lag(FRONT_TIME_S, this.#walk);
    this.ambientC = climate(timeS) + this.#walk;
  }

  step(timeS: number, stepS: number): void {
    const share = stepS / SYNOPTIC_TIME_S;
    const kick = (SYNOPTIC_DEVIATION_K / SMOOTHED) * Math.sqrt(2 * share) * this.#random.normal();
    this.#walk += kick - this.#walk * share;
    this.ambientC = climate(timeS) + this.#front.follow(this.#walk, stepS);
  }
}

/** The mean temperature of this hour of this day of the year. */
function climate(timeS: number): number {
  const season = Math.cos((2 * Math.PI * (dayOfYear(timeS) - COLDEST_DAY)) / 365.2425);
  const dayAmplitude = DAY_AMPLITUDE_K + (SUMMER_DAY_AMPLITUDE_K * (1 - season)) / 2;
  const day = Math.cos((2 * Math.PI * (hourOfDay(timeS) - WARMEST_HOUR)) / 24);
  return YEAR_MEAN_C - YEAR_AMPLITUDE_K * season + dayAmplitude * day;
}
