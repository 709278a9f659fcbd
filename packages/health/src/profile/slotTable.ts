/** The slot means of a learning time, and the levels that they come to. */

import { sortedMedian } from '../detect/scaling.ts';
import type { LevelClock } from './levelClock.ts';
import { SlotMeans } from './slotMeans.ts';

export interface SlotTable {
  /** Counted from 1970, ascending. */
  readonly slots: Float64Array;
  /** By feature. */
  readonly columns: readonly Float64Array[];
}

/** Rows must be complete; `times` are the ends of their intervals. */
export function slotTable(clock: LevelClock, times: Float64Array, columns: readonly Float64Array[]): SlotTable {
  const meter = new SlotMeans(clock, columns.length);
  const row = new Float64Array(columns.length);
  const slots: number[] = [];
  const means: number[][] = columns.map(() => []);
  const keep = () => {
    slots.push(meter.closedSlot);
    for (let i = 0; i < means.length; i++) means[i].push(meter.means[i]);
  };
  for (let index = 0; index < times.length; index++) {
    for (let i = 0; i < row.length; i++) row[i] = columns[i][index];
    if (meter.push(times[index], row)) keep();
  }
  if (times.length > 0) {
    meter.close();
    keep();
  }
  return { slots: Float64Array.from(slots), columns: means.map((column) => Float64Array.from(column)) };
}

/** The median of the slots of each period that has enough of them, and how far the slots were from their own, sorted. */
export function levelsOf(
  clock: LevelClock,
  slots: Float64Array,
  values: Float64Array,
): { readonly levels: Float64Array; readonly distances: Float64Array } {
  const levels: number[] = [];
  const distances: number[] = [];
  let from = 0;
  for (let to = 1; to <= slots.length; to++) {
    const period = Math.floor(slots[from] / clock.slotsPerPeriod);
    if (to < slots.length && Math.floor(slots[to] / clock.slotsPerPeriod) === period) continue;
    if (to - from >= clock.leastSlots) {
      const sorted = values.slice(from, to).sort();
      const level = sortedMedian(sorted);
      for (const value of sorted) distances.push(Math.abs(value - level));
      levels.push(level);
    }
    from = to;
  }
  return { levels: Float64Array.from(levels), distances: Float64Array.from(distances).sort() };
}
