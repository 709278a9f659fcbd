/** What tells whether a day has changed since it was published: its samples in segments, its last edit, what has expired. */

import { US_PER_DAY } from '@tidegate/core/clock/timestamp.ts';
import { type Result, success } from '@tidegate/core/fault/fault.ts';
import type { DayCounts } from '../archive/segment/dayCounts.ts';
import type { EditLog } from '../archive/versions/editLog.ts';
import type { EditExtent } from '../archive/versions/editReader.ts';
import { dayOf, type UtcDay } from './lakeFiles.ts';

const US_PER_MS = 1_000;
/** The greatest time that a calendar date has in ECMAScript. A clock that is wrong by more makes days that nobody can name. */
const MAX_DAY = 8.64e15 / (US_PER_DAY / US_PER_MS);

export class LakeMarks {
  readonly #edits: Pick<EditLog, 'since' | 'read'>;
  readonly #extents: EditExtent[] = [];
  /** Days for which somebody has written samples, by their number: there may be none in segments. */
  readonly #writtenDays = new Set<number>();

  constructor(edits: Pick<EditLog, 'since' | 'read'>) {
    this.#edits = edits;
  }

  /**
   * The mark of every day that has samples or has had some written by an edit. `keepFrom`, by tag, is the time before which
   * samples have expired; it counts once a day is over, and for all tags of a rule at once. Fault: `archive.unwritable`.
   */
  of(sealedDays: DayCounts, keepFrom: Float64Array): Result<Map<UtcDay, string>> {
    const noted = this.#noteEdits();
    if (!noted.ok) return noted;
    const days = new Set([...Object.keys(sealedDays).map(Number), ...this.#writtenDays]);
    const lastEdits = new Map<number, number>();
    for (const { edit, first, last } of this.#extents) {
      for (const day of daysWithin(days, first, last)) lastEdits.set(day, edit.id);
    }
    const expiries = [...new Set(keepFrom)];
    const marks = new Map<UtcDay, string>();
    for (const day of days) {
      if (Math.abs(day) >= MAX_DAY) continue;
      const expired = expiries.filter((time) => time >= (day + 1) * US_PER_DAY).length;
      const mark = `${sealedDays[day] ?? 0} samples, edit ${lastEdits.get(day) ?? 0}, ${expired} expired`;
      marks.set(dayOf(day * US_PER_DAY), mark);
    }
    return success(marks);
  }

  #noteEdits(): Result<void> {
    const recorded = this.#edits.since(this.#extents.at(-1)?.edit.at ?? Number.NEGATIVE_INFINITY);
    if (!recorded.ok) return recorded;
    for (const extent of recorded.value) {
      const { edit, first, last } = extent;
      if (edit.kind !== 'delete') {
        const written = this.#edits.read(edit.tag, first, last);
        if (!written.ok) return written;
        for (const time of written.value.samples.times) this.#writtenDays.add(Math.floor(time / US_PER_DAY));
      }
      this.#extents.push(extent);
    }
    return success(undefined);
  }
}

/** How many samples of the day a mark tells of. */
export function markedSamples(mark: string): number {
  return Number.parseInt(mark, 10);
}

/** Those of `days` that have a moment of `first <= time < last`: whichever is the shorter way to find them. */
function* daysWithin(days: ReadonlySet<number>, first: number, last: number): Generator<number> {
  const firstDay = Math.floor(first / US_PER_DAY);
  const lastDay = Math.floor((last - 1) / US_PER_DAY);
  if (lastDay - firstDay < days.size) {
    for (let day = firstDay; day <= lastDay; day++) if (days.has(day)) yield day;
  } else {
    for (const day of days) if (day >= firstDay && day <= lastDay) yield day;
  }
}
