/** Finds the period at which a source scans, from the times of samples of which it left out many. */

/** Sources scan at round rates, in µs; another rate is found from the shortest steps. */
const USUAL_PERIODS_US = [
  1, 2, 5, 10, 20, 25, 40, 50, 100, 200, 250, 500, 1_000, 2_000, 3_000, 4_000, 5_000, 10_000, 15_000, 20_000, 30_000,
  60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000, 3_600_000, 86_400_000,
].map((ms) => ms * 1_000);
const UNITS_US = [1_000_000, 1_000];
/** As many samples tell what the rest of a chunk is like. */
const LOOKED_AT = 33;

/** `time = first + n * period + rest * unit` with whole numbers n and rest, all of them exact. */
export interface ScanGrid {
  readonly period: number;
  readonly unit: number;
}

/** The grid on which the times take the fewest bits; its unit divides every step exactly. */
export function findScanGrid(times: Float64Array, from: number, to: number): ScanGrid {
  const unit = UNITS_US.find((candidate) => dividesAll(times, from, to, candidate)) ?? 1;
  const count = Math.min(to - from, LOOKED_AT);
  if (count < 3) return { period: unit, unit };
  const mean = (times[from + count - 1] - times[from]) / (count - 1);
  let [period, least] = [unit, gridBits(times, from, count, unit, unit)];
  const consider = (candidate: number): void => {
    if (!(candidate > unit) || candidate > 2 * mean) return;
    const bits = gridBits(times, from, count, candidate, unit);
    if (bits < least) [period, least] = [candidate, bits];
  };
  for (const candidate of USUAL_PERIODS_US) if (candidate % unit === 0) consider(candidate);
  consider(shortestStep(times, from, count, unit));
  return { period, unit };
}

function dividesAll(times: Float64Array, from: number, to: number, unit: number): boolean {
  const first = times[from];
  for (let row = from + 1; row < to; row++) {
    const step = times[row] - first;
    if (Math.floor(step / unit) * unit !== step) return false;
  }
  return true;
}

/** Mean of the steps that are about as short as the shortest, in whole units. */
function shortestStep(times: Float64Array, from: number, count: number, unit: number): number {
  let shortest = Infinity;
  for (let row = from + 1; row < from + count; row++) {
    const step = times[row] - times[row - 1];
    if (step > 0 && step < shortest) shortest = step;
  }
  let [sum, taken] = [0, 0];
  for (let row = from + 1; row < from + count; row++) {
    const step = times[row] - times[row - 1];
    if (step < shortest || step > shortest * 1.25) continue;
    sum += step;
    taken++;
  }
  return Math.round(sum / taken / unit) * unit;
}

/** About how many bits a sample takes on a grid. */
function gridBits(times: Float64Array, from: number, count: number, period: number, unit: number): number {
  let [least, most] = [0, 0];
  let [leastStep, before] = [Infinity, 0];
  const perPeriod = 1 / period;
  for (let row = from + 1; row < from + count; row++) {
    const since = times[row] - times[from];
    const n = Math.floor(since * perPeriod + 0.5);
    const rest = since - n * period;
    if (rest < least) least = rest;
    if (rest > most) most = rest;
    if (n - before < leastStep) leastStep = n - before;
    before = n;
  }
  const meanStep = before / (count - 1) - leastStep;
  return Math.log2(1 + (most - least) / unit) + (meanStep > 0 ? Math.log2(1 + meanStep * 2) : 0);
}
