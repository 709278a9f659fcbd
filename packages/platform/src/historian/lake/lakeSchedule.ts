/** Which days are to be published: those that are over, whose samples are all in segments, and that are new or changed. */

import { US_PER_DAY } from '@tidegate/core/clock/timestamp.ts';
import { dayStart, type UtcDay } from './lakeFiles.ts';
import type { LakeManifest } from './lakeManifest.ts';
import type { DayOrder } from './publish/publicationOrder.ts';

/**
 * `marks` has a mark for each day of which there are samples and whose samples are all sealed: any text that changes
 * when the day's samples do. A day is due `delayUs` after its end, so that what comes late in the ordinary way does not
 * publish it twice. In order of time.
 */
export function dueDays(
  manifest: LakeManifest,
  marks: ReadonlyMap<UtcDay, string>,
  now: number,
  delayUs: number,
): DayOrder[] {
  const published = new Map(manifest.days.map(({ day, mark }) => [day, mark]));
  const due: DayOrder[] = [];
  for (const [day, mark] of marks) {
    const start = dayStart(day);
    if (start === undefined || start + US_PER_DAY + delayUs > now || published.get(day) === mark) continue;
    due.push({ day, mark });
  }
  return due.sort((a, b) => (a.day < b.day ? -1 : 1));
}
