/** Labels of the time axis: 24 hours, local time, as fine as the distance between them asks for. */

import { formatClock } from '../reading/span.ts';

const pad = (value: number) => String(value).padStart(2, '0');

const S_PER_DAY = 86_400;

/**
 * The date stands in a second line under the first label, and where the day changes; none stands before `firstS`. Where
 * the labels are days apart the date stands alone.
 * `splits`, `stepS` and `firstS` in seconds.
 */
export function timeLabels(splits: readonly number[], stepS: number, firstS: number): string[] {
  let day = -1;
  return splits.map((second) => {
    if (second < firstS) return '';
    const date = new Date(second * 1_000);
    const dateText = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
    if (stepS >= S_PER_DAY) return dateText;
    const clock = labelOf(date, stepS);
    if (date.getDate() === day) return clock;
    day = date.getDate();
    return `${clock}\n${dateText}`;
  });
}

function labelOf(date: Date, stepS: number): string {
  if (stepS < 1) return formatClock(date.getTime(), true);
  if (stepS < 60) return formatClock(date.getTime());
  return formatClock(date.getTime()).slice(0, 5);
}
