/** How long a growing excess takes to its limit: all laws of growth that agree with what was seen, weighed. */

import type { LifeLeft } from './assessment.ts';

/** What was seen of an excess over normal, oldest first; the last is of now. */
export interface GrowthSeries {
  /** Days before now, 0 or less. */
  readonly days: Float64Array;
  /** Positive towards the limit. */
  readonly excess: Float64Array;
  /** Deviation of each. */
  readonly deviation: Float64Array;
}

/**
 * dy/dt = a y^b: straight for b = 0, a power of time below 1, exponential at 1, running away in finite time above, as cracks do
 * (Paris and Erdogan 1963 has that form).
 */
const EXPONENTS = [0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, 3, 3.5];
/** The law that holds now may go on, or grow worse on the way: what is cracked or worn carries more than before. */
const GOES_ON = 1 / 3;
const RATES = 40;
/** Slowest and fastest growth that is looked at, as shares of the excess over the time seen. */
const SLOWEST = 0.05;
const FASTEST = 20;
/** Of the excess now, in deviations. */
const NOW = [-2, -1, 0, 1, 2];
/** No law is followed more closely than so: load and season change. */
const LAW_SCATTER = 0.05;
/** The load to come is not the load that was: deviation of the logarithm of the life. */
const LOAD_SCATTER = 0.25;
/** Neighbouring levels err together; so many of them count. */
const MOST_COUNTED = 12;
/** Lives are told apart by this factor; a life beyond the last is none that ends. */
const LIFE_RATIO = 1.12;
const LIVES = 96;
const SHORTEST_DAYS = 0.25;
/** High over low beyond which a life says nothing. */
const WIDEST = 200;

/** `undefined` where what was seen agrees with nearly any life. */
export function growthLife(series: GrowthSeries, limitExcess: number): LifeLeft | undefined {
  const count = series.days.length;
  const seen = Math.max(-series.days[0], 1);
  const ratio = (FASTEST / SLOWEST) ** (1 / (RATES - 1));
  const last = series.excess[count - 1];
  const deviation = Math.hypot(series.deviation[count - 1], LAW_SCATTER * last);
  const nows = NOW.map((away) => Math.min(Math.max(last + away * deviation, last * 0.1), limitExcess * 0.999));
  const logs = new Float64Array(EXPONENTS.length * RATES * NOW.length);
  let most = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < logs.length; at++) {
    const exponent = EXPONENTS[Math.floor(at / (RATES * NOW.length))];
    const rate = (SLOWEST / seen) * ratio ** (Math.floor(at / NOW.length) % RATES);
    const away = NOW[at % NOW.length];
    const left = unexplained(series, exponent, rate, nows[at % NOW.length]) + away * away;
    logs[at] = -0.5 * Math.min(count, MOST_COUNTED) * Math.log1p(left / count);
    if (logs[at] > most) most = logs[at];
  }
  const lives = new Float64Array(LIVES);
  for (let at = 0; at < logs.length; at++) {
    const weight = Math.exp(logs[at] - most);
    if (weight < 1e-6) continue;
    const law = Math.floor(at / (RATES * NOW.length));
    const rate = (SLOWEST / seen) * ratio ** (Math.floor(at / NOW.length) % RATES);
    addLives(lives, weight, law, rate, limitExcess / nows[at % NOW.length]);
  }
  return quantiles(lives);
}

/** Squares, in deviations, of the series about growth by this law that has this excess and relative rate (1/d) now. */
function unexplained(series: GrowthSeries, exponent: number, rate: number, now: number): number {
  const { days, excess, deviation } = series;
  const power = 1 - exponent;
  let sum = 0;
  for (let i = 0; i < days.length; i++) {
    const grown = 1 + power * rate * days[i];
    const share = power === 0 ? Math.exp(rate * days[i]) : grown <= 0 ? 0 : grown ** (1 / power);
    const fitted = now * share;
    const scatter = LAW_SCATTER * fitted;
    sum += (excess[i] - fitted) ** 2 / (deviation[i] * deviation[i] + scatter * scatter);
  }
  return sum;
}

/** With the law as it is, and with each worse one from now on. */
function addLives(lives: Float64Array, weight: number, law: number, rate: number, times: number): void {
  const worse = EXPONENTS.length - 1 - law;
  for (let next = law; next < EXPONENTS.length; next++) {
    const power = 1 - EXPONENTS[next];
    const days = (power === 0 ? Math.log(times) : (times ** power - 1) / power) / rate;
    const share = worse === 0 ? 1 : next === law ? GOES_ON : (1 - GOES_ON) / worse;
    const place = Math.round(Math.log(days / SHORTEST_DAYS) / Math.log(LIFE_RATIO));
    lives[Math.min(LIVES - 1, Math.max(0, place))] += weight * share;
  }
}

function quantiles(lives: Float64Array): LifeLeft | undefined {
  const spread = new Float64Array(LIVES);
  const step = Math.log(LIFE_RATIO) / LOAD_SCATTER;
  let total = 0;
  for (let from = 0; from < LIVES; from++) {
    for (let to = 0; to < LIVES && lives[from] > 0; to++) {
      const share = lives[from] * Math.exp(-0.5 * ((to - from) * step) ** 2);
      spread[to] += share;
      total += share;
    }
  }
  const quantile = (level: number) => {
    let below = 0;
    for (let life = 0; life < LIVES - 1; life++) {
      const share = spread[life] / total;
      if (below + share >= level) return SHORTEST_DAYS * LIFE_RATIO ** (life - 0.5 + (level - below) / share);
      below += share;
    }
    return Number.POSITIVE_INFINITY;
  };
  const life = { medianDays: quantile(0.5), lowDays: quantile(0.05), highDays: quantile(0.95) };
  return life.highDays < WIDEST * life.lowDays ? life : undefined;
}
