/** One sample as aggregates see it, in an object that is filled again and again instead of being made anew. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import type { SampleRun } from '../../archive/sampleRun.ts';

/** How far a sample can be trusted, after `treatUncertainAsBad` has been applied. */
export const Quality = { good: 0, uncertain: 1, bad: 2 } as const;
export type Quality = (typeof Quality)[keyof typeof Quality];

/** A sample that has no number and no text is bad whatever its status says, and so are NaN and the infinities. */
export function qualityOf(run: SampleRun, row: number, treatUncertainAsBad: boolean): Quality {
  const kind = run.kinds[row];
  if (kind === ValueKind.none) return Quality.bad;
  if (kind === ValueKind.number && !Number.isFinite(run.values[row])) return Quality.bad;
  const severity = run.statuses[row] >>> 30;
  if (severity === 0) return Quality.good;
  return severity === 1 && !treatUncertainAsBad ? Quality.uncertain : Quality.bad;
}

/** The first row from `from` that is not a number with a good status: aggregates pass over the rows before it in columns. */
export function plainEnd(run: SampleRun, from: number): number {
  const { values, kinds, statuses } = run;
  const count = values.length;
  let row = from;
  // The difference is 0 but for NaN and the infinities.
  while (
    row < count &&
    kinds[row] === ValueKind.number &&
    statuses[row] < 0x40000000 &&
    values[row] - values[row] === 0
  )
    row++;
  return row;
}

export class SamplePoint {
  /** False until the point is filled for the first time. */
  exists = false;
  time = Number.NaN;
  /** The number; 0 where there is none. */
  value = Number.NaN;
  text: string | undefined = undefined;
  status = 0;
  quality: Quality = Quality.bad;
  hasValue = false;

  fill(run: SampleRun, row: number, quality: Quality): void {
    this.exists = true;
    this.time = run.times[row];
    this.value = run.values[row];
    this.text = run.kinds[row] === ValueKind.string ? run.strings[this.value] : undefined;
    this.status = run.statuses[row];
    this.quality = quality;
    this.hasValue = run.kinds[row] !== ValueKind.none;
  }

  /** The same for a row that is a good number. */
  fillPlain(run: SampleRun, row: number): void {
    this.exists = true;
    this.time = run.times[row];
    this.value = run.values[row];
    this.text = undefined;
    this.status = run.statuses[row];
    this.quality = Quality.good;
    this.hasValue = true;
  }

  fillNumber(time: number, value: number): void {
    this.exists = true;
    this.time = time;
    this.value = value;
    this.text = undefined;
    this.status = 0;
    this.quality = Quality.good;
    this.hasValue = true;
  }

  copy(other: SamplePoint): void {
    this.exists = other.exists;
    this.time = other.time;
    this.value = other.value;
    this.text = other.text;
    this.status = other.status;
    this.quality = other.quality;
    this.hasValue = other.hasValue;
  }

  isSameValue(other: SamplePoint): boolean {
    // The number of a text is its place in the run it came from.
    return this.text === other.text && (this.text !== undefined || this.value === other.value);
  }
}

/** The value at `time` on the line from `a` to `b` (3.1.8), exactly that of `b` at its own time. */
export function onLine(a: SamplePoint, b: SamplePoint, time: number): number {
  return time === b.time ? b.value : ((time - a.time) * (b.value - a.value)) / (b.time - a.time) + a.value;
}
