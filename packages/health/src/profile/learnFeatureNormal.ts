/** Learns the normal level of a feature, and how far it may wander, from the levels of a learning time. */

import { independentValues } from '../detect/levelDoubt.ts';
import type { Dependence, FeatureNormal } from './featureNormal.ts';
import { learnDependence } from './learnDependence.ts';
import type { LevelClock } from './levelClock.ts';
import { levelsOf, type SlotTable } from './slotTable.ts';
import { studentQuantile } from './studentQuantile.ts';

/** So many levels are smoothed: the mean of what is left when the highest and the lowest are gone. */
export const SMOOTHED_LEVELS = 5;
/** A mean of the three in the middle has about this share of the variance of a single level. */
const SMOOTHED_SHARE = 0.23;
/** Fewer levels say nothing of how a level wanders. */
export const FEWEST_LEVELS = 8;
const YEAR_US = 365.25 * 86_400e6;
/** Of a random walk over a span, the variance about its own mean is a sixth of what its end differs by (in the mean). */
const WALK_OVER_VARIANCE = 6;
/** Share of the slots that are no exception, such as a start. */
const USUAL_HOURS = 0.99;
/** No two seasons have the same hours: half as far again. */
const NEAREST_REACH = 1.5;
const LEAST_SHARE_OF_LEVEL = 1e-6;

/** Means of the features in each slot: as they were read, and as they are judged, without seasons. */
export interface LevelSlots {
  readonly read: SlotTable;
  readonly judged: SlotTable;
}

/**
 * `others` are the columns that it may depend on, and `chance` is the probability of a false drift with each level. `undefined` where there are too few levels.
 *
 * What differs from one level to the next alone averages out; what hangs together is a wander, and a wander that was watched
 * for a month goes further in a year: its deviation is taken to grow with the square root of time, as that of a random walk,
 * until a whole year has been seen.
 */
export function learnFeatureNormal(
  { read, judged: table }: LevelSlots,
  feature: number,
  others: readonly number[],
  clock: LevelClock,
  chance: number,
): FeatureNormal | undefined {
  const dependence = learnDependence(table, feature, others, clock);
  const values = adjusted(table, feature, dependence);
  const { levels, distances } = levelsOf(clock, table.slots, values);
  if (levels.length < FEWEST_LEVELS) return undefined;
  const level = levels.reduce((sum, value) => sum + value, 0) / levels.length;
  const variance = varianceOf(levels, level);
  const jumps = neighbourVariance(levels);
  const spanned = table.slots[table.slots.length - 1] - table.slots[0] + 1;
  const spans = (YEAR_US * clock.slotsPerPeriod) / (spanned * clock.periodUs);
  const independent = Math.max(3, Math.min(levels.length, independentValues(levels)));
  const smoothed =
    Math.min(jumps, variance) * SMOOTHED_SHARE +
    variance / independent +
    wanderInYear(levels.length, variance, jumps, spans);
  const least = LEAST_SHARE_OF_LEVEL * Math.abs(level) || Number.MIN_VALUE;
  return {
    level,
    spread: Math.max(Math.sqrt(smoothed), least),
    reach: studentQuantile(chance / 2, independent - 1),
    levelDeviation: Math.max(Math.sqrt(variance), least),
    independentLevels: independent,
    slotReach: distances[distances.length - 1],
    nearest:
      spans > 1 ? NEAREST_REACH * usualDistance(levelsOf(clock, read.slots, adjusted(read, feature, dependence))) : 0,
    dependence,
  };
}

/** With the season, which is more in another part of the year. */
function usualDistance({ distances }: ReturnType<typeof levelsOf>): number {
  return distances[Math.floor(distances.length * USUAL_HOURS)];
}

/**
 * The variance of how far the level may go in a year that was seen for one of `spans`: what hangs together beyond chance
 * (one deviation of a correlation of nothing is 1 / sqrt(n)) goes on as a random walk, and the chance itself is not known better.
 */
function wanderInYear(count: number, variance: number, jumps: number, spans: number): number {
  const chance = variance / Math.sqrt(count);
  const proven = Math.max(0, variance - jumps - chance);
  return spans > 1 ? (WALK_OVER_VARIANCE * proven + chance) * spans : proven + chance;
}

/** The column as it would be with the features it depends on at their centres. */
export function adjusted(table: SlotTable, feature: number, dependence: Dependence | undefined): Float64Array {
  const values = Float64Array.from(table.columns[feature]);
  if (dependence === undefined) return values;
  for (const [i, on] of dependence.on.entries()) {
    const other = table.columns[on];
    for (let row = 0; row < values.length; row++) {
      values[row] -= dependence.coefficients[i] * (other[row] - dependence.centres[i]);
    }
  }
  return values;
}

function varianceOf(values: Float64Array, mean: number): number {
  let sum = 0;
  for (const value of values) sum += (value - mean) ** 2;
  return sum / (values.length - 1);
}

/** Half of the mean squared difference of neighbours (von Neumann 1941): the variance of what does not hang together. */
function neighbourVariance(values: Float64Array): number {
  let sum = 0;
  for (let i = 1; i < values.length; i++) sum += (values[i] - values[i - 1]) ** 2;
  return sum / (2 * (values.length - 1));
}
