/** Finds a change of units within a learning time: two levels far apart, each for long, that a conversion explains. */

import { sortedMedian } from '../detect/scaling.ts';
import type { LevelClock } from './levelClock.ts';
import type { SlotTable } from './slotTable.ts';
import { unitConversion } from './unitConversion.ts';

const FEWEST_SLOTS = 20;
/** Each side is at least such a share of the learning time. */
const LEAST_SIDE = 0.05;

export interface ChangedUnit {
  readonly column: number;
  /** What is wrong with the feature, as the end of a sentence. */
  readonly says: string;
}

/** `units` are those of the columns; `undefined` where no feature has one. */
export function changedUnit(
  { slots, columns }: SlotTable,
  clock: LevelClock,
  units: readonly string[],
): ChangedUnit | undefined {
  if (slots.length < FEWEST_SLOTS) return undefined;
  for (const [column, values] of columns.entries()) {
    const split = bestSplit(values);
    const before = values.slice(0, split).sort();
    const after = values.slice(split).sort();
    if (Math.min(before.length, after.length) < LEAST_SIDE * values.length) continue;
    // Levels that overlap are no two units.
    const gap = Math.max(after[0] - before[before.length - 1], before[0] - after[after.length - 1]);
    if (!(gap > 0)) continue;
    const scatter = Math.max(range(before), range(after)) / 2;
    const conversion = unitConversion(units[column], sortedMedian(before), sortedMedian(after), scatter);
    if (conversion === undefined) continue;
    const at = new Date((slots[split] * clock.periodUs) / clock.slotsPerPeriod / 1_000).toISOString();
    const levels = `${sortedMedian(before).toPrecision(4)} to ${sortedMedian(after).toPrecision(4)}`;
    return { column, says: `goes from ${levels} at ${at}, as from ${conversion}; learn from one side of it.` };
  }
  return undefined;
}

/** Where two means leave the least squares. */
function bestSplit(values: Float64Array): number {
  const total = values.reduce((sum, value) => sum + value, 0);
  let best = 0;
  let most = Number.NEGATIVE_INFINITY;
  let sum = 0;
  for (let split = 1; split < values.length; split++) {
    sum += values[split - 1];
    const explained = sum ** 2 / split + (total - sum) ** 2 / (values.length - split);
    if (explained > most) {
      most = explained;
      best = split;
    }
  }
  return best;
}

function range(sorted: Float64Array): number {
  return sorted[sorted.length - 1] - sorted[0];
}
