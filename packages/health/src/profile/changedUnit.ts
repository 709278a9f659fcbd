/** Finds a change of units within a learning time: two sets of levels far apart, each for long, that a conversion explains. */

import { sortedMedian } from '../detect/scaling.ts';
import type { LevelClock } from './levelClock.ts';
import type { SlotTable } from './slotTable.ts';
import { unitConversion } from './unitConversion.ts';

const FEWEST_SLOTS = 20;
/** Of each unit. */
const FEWEST_OF_UNIT = 5;
/** A unit is changed, and may be put back, perhaps once more; what comes and goes oftener is operation. */
const MOST_CHANGES = 4;
/** Compared before and after a change, at the same times of a day: seasons move levels as well. */
const PERIODS = 2;
/** The scatter grows with the unit: off and on may be ten times apart, but not the noise of them as well. */
const MOST_OFF = 3;

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
    const bar = barBetween(values.slice().sort());
    const changes = changesAcross(values, bar);
    if (changes.length === 0 || changes.length > MOST_CHANGES) continue;
    const [first, second = values.length] = changes;
    const count = Math.min(second - first, PERIODS * clock.slotsPerPeriod);
    if (count < FEWEST_OF_UNIT) continue;
    const start = Math.max(0, first - Math.ceil(count / clock.slotsPerPeriod) * clock.slotsPerPeriod);
    const before = values.slice(start, Math.min(first, start + count)).sort();
    const after = values.slice(first, first + count).sort();
    const [from, to] = [before, after].map(sortedMedian);
    const scatter = 2 * Math.max(distanceFromMiddle(before), distanceFromMiddle(after));
    const conversion = unitConversion(units[column], from, to, scatter);
    if (!(conversion && isScaled(before, after, conversion.factor))) continue;
    const at = new Date((slots[first] * clock.periodUs) / clock.slotsPerPeriod / 1_000).toISOString();
    const levels = `${from.toPrecision(4)} to ${to.toPrecision(4)}`;
    const back = changes.length > 1 ? ', and back' : '';
    return {
      column,
      says: `goes from ${levels} at ${at}${back}, as from ${conversion.says}; learn from one side of it.`,
    };
  }
  return undefined;
}

/** In the widest gap between sorted values that leaves enough on both sides; NaN where there is none. */
function barBetween(sorted: Float64Array): number {
  let [widest, bar] = [0, Number.NaN];
  for (let at = FEWEST_OF_UNIT; at <= sorted.length - FEWEST_OF_UNIT; at++) {
    const gap = sorted[at] - sorted[at - 1];
    if (gap > widest) [widest, bar] = [gap, sorted[at - 1] + gap / 2];
  }
  return bar;
}

/** The places of the values that are the first on the other side. */
function changesAcross(values: Float64Array, bar: number): number[] {
  const changes: number[] = [];
  for (let at = 1; at < values.length; at++) if (values[at] >= bar !== values[at - 1] >= bar) changes.push(at);
  return changes;
}

/** Whether what lies about the middle lies `factor` times as far after it, more or less. */
function isScaled(before: Float64Array, after: Float64Array, factor: number): boolean {
  const [from, to] = [before, after].map(distanceFromMiddle);
  const off = to / (from * factor);
  return (from === 0 && to === 0) || (off < MOST_OFF && off > 1 / MOST_OFF);
}

function distanceFromMiddle(sorted: Float64Array): number {
  const middle = sortedMedian(sorted);
  return sortedMedian(sorted.map((value) => Math.abs(value - middle)).sort());
}
