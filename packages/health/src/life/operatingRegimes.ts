/** The regimes a fleet is operated in, learned from its settings, and signals as their distance from what is usual there. */

/** Fewer regimes than this apart are one: a simplified silhouette below it means the settings do not fall into groups. */
const CLEAR_SILHOUETTE = 0.75;
const MOST_REGIMES = 12;
const ROUNDS = 30;
/** Regimes are told apart on at most this many rows; groups that need more are too rare to learn from. */
const SAMPLED_ROWS = 5000;
/** A signal that varies less than this, relative to its size, is constant but for rounding. */
const LEAST_VARIATION = 1e-7;

export interface OperatingRegimes {
  /** Mean and spread by which each setting is made comparable. */
  readonly centre: Float64Array;
  readonly spread: Float64Array;
  /** One point a regime, in comparable settings. */
  readonly centres: readonly Float64Array[];
}

/**
 * Groups rows by their settings: k-means from far-apart starts, with as many groups as the simplified silhouette
 * (Vendramin, Campello and Hruschka 2010) likes best, or one regime where no grouping is clear.
 */
export function learnRegimes(settings: readonly Float64Array[]): OperatingRegimes {
  const centre = Float64Array.from(settings, meanOf);
  const spread = Float64Array.from(settings, (column, i) => spreadOf(column, centre[i]) || 1);
  const stride = Math.max(1, Math.floor((settings[0]?.length ?? 0) / SAMPLED_ROWS));
  const points: Float64Array[] = [];
  for (let row = 0; row < (settings[0]?.length ?? 0); row += stride) {
    const point = pointOf(settings, row, centre, spread);
    if (point.every(Number.isFinite)) points.push(point);
  }
  let best: readonly Float64Array[] = [new Float64Array(settings.length)];
  let clearest = CLEAR_SILHOUETTE;
  const starts = farApart(points, MOST_REGIMES);
  for (let count = 2; count <= starts.length; count++) {
    const centres = settle(points, starts.slice(0, count));
    const clarity = silhouette(points, centres);
    if (clarity > clearest + 1e-3) {
      clearest = clarity;
      best = centres;
    }
  }
  return { centre, spread, centres: best };
}

/** The regime of every row; rows with a setting that is missing belong to the regime nearest in the others. */
export function regimeOfRows(regimes: OperatingRegimes, settings: readonly Float64Array[], rows: number): Uint8Array {
  const regime = new Uint8Array(rows);
  if (regimes.centres.length === 1) return regime;
  for (let row = 0; row < rows; row++)
    regime[row] = nearest(regimes.centres, pointOf(settings, row, regimes.centre, regimes.spread)).index;
  return regime;
}

/** What is usual for a signal in each regime. */
export interface RegimeScale {
  readonly mean: Float64Array;
  readonly spread: Float64Array;
}

/** Undefined for a signal that is constant in every regime: it says nothing about health. */
export function learnScale(signal: Float64Array, regime: Uint8Array, regimes: number): RegimeScale | undefined {
  const mean = new Float64Array(regimes);
  const spread = new Float64Array(regimes);
  let varies = false;
  for (let r = 0; r < regimes; r++) {
    const values = signal.filter((value, row) => regime[row] === r && Number.isFinite(value));
    if (values.length < 2) continue;
    mean[r] = meanOf(values);
    spread[r] = spreadOf(values, mean[r]);
    if (spread[r] <= LEAST_VARIATION * Math.max(1e-12, Math.abs(mean[r]))) spread[r] = 0;
    else varies = true;
  }
  return varies ? { mean, spread } : undefined;
}

/** Distances from the mean of the regime in spreads of the regime; NaN where the signal is missing, or idle in the regime. */
export function regimeScores(signal: Float64Array, regime: Uint8Array, scale: RegimeScale): Float64Array {
  return signal.map((value, row) => {
    const spread = scale.spread[regime[row]];
    return spread > 0 ? (value - scale.mean[regime[row]]) / spread : Number.NaN;
  });
}

function meanOf(values: Float64Array): number {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    sum += value;
    count++;
  }
  return count > 0 ? sum / count : 0;
}

function spreadOf(values: Float64Array, mean: number): number {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    sum += (value - mean) ** 2;
    count++;
  }
  return count > 1 ? Math.sqrt(sum / (count - 1)) : 0;
}

function pointOf(settings: readonly Float64Array[], row: number, centre: Float64Array, spread: Float64Array) {
  return Float64Array.from(settings, (column, i) => (column[row] - centre[i]) / spread[i]);
}

function nearest(
  centres: readonly Float64Array[],
  point: Float64Array,
): { index: number; first: number; second: number } {
  let index = 0;
  let first = Number.POSITIVE_INFINITY;
  let second = Number.POSITIVE_INFINITY;
  for (let c = 0; c < centres.length; c++) {
    let distance = 0;
    for (let i = 0; i < point.length; i++) if (Number.isFinite(point[i])) distance += (point[i] - centres[c][i]) ** 2;
    if (distance < first) {
      second = first;
      first = distance;
      index = c;
    } else if (distance < second) second = distance;
  }
  return { index, first: Math.sqrt(first), second: Math.sqrt(second) };
}

/** Points each as far as can be from those before; fewer than asked for where all points coincide with one of them. */
function farApart(points: readonly Float64Array[], most: number): Float64Array[] {
  if (points.length === 0) return [];
  const chosen = [points[0]];
  while (chosen.length < most) {
    let farthest = points[0];
    let distance = 1e-9;
    for (const point of points) {
      const { first } = nearest(chosen, point);
      if (first > distance) {
        distance = first;
        farthest = point;
      }
    }
    if (distance <= 1e-9) break;
    chosen.push(farthest);
  }
  return chosen;
}

/** Lloyd's rounds from given starts. */
function settle(points: readonly Float64Array[], starts: readonly Float64Array[]): Float64Array[] {
  let centres = starts.map((start) => start.slice());
  for (let round = 0; round < ROUNDS; round++) {
    const sums = centres.map((centre) => new Float64Array(centre.length));
    const counts = new Int32Array(centres.length);
    for (const point of points) {
      const { index } = nearest(centres, point);
      counts[index]++;
      for (let i = 0; i < point.length; i++) sums[index][i] += point[i];
    }
    const moved = sums.map((sum, c) => (counts[c] > 0 ? sum.map((value) => value / counts[c]) : centres[c]));
    const isSettled = moved.every((centre, c) => centre.every((value, i) => Math.abs(value - centres[c][i]) < 1e-9));
    centres = moved;
    if (isSettled) break;
  }
  return centres;
}

/** Mean over points of 1 - distance to the own centre / distance to the next one. */
function silhouette(points: readonly Float64Array[], centres: readonly Float64Array[]): number {
  let sum = 0;
  for (const point of points) {
    const { first, second } = nearest(centres, point);
    sum += second > 0 ? 1 - first / second : 0;
  }
  return sum / points.length;
}
