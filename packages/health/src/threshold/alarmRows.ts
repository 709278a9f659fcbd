/** The rows in which an alarm is raised: one for each episode, however often its scores cross the threshold. */

import { type BarHabit, RisingBar } from './risingBar.ts';

/** `fromRow` is the first row that may raise one; those before it count as seen. */
export function alarmRows(
  scores: Float64Array,
  threshold: number,
  fromRow = 0,
  habit: Partial<BarHabit> = {},
): number[] {
  const bar = new RisingBar(threshold, habit);
  const rows: number[] = [];
  for (let row = 0; row < scores.length; row++) {
    if (bar.push(row < fromRow ? Number.NaN : scores[row])) rows.push(row);
  }
  return rows;
}
