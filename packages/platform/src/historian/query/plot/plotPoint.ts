/** One sample that a plot may keep, in a place that is filled again for each pixel interval. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import type { SampleRun } from '../../archive/sampleRun.ts';

export class PlotPoint {
  isSet = false;
  time = 0;
  value = 0;
  kind = ValueKind.none as number;
  status = 0;
  /** The table that `value` points into where the sample is a string. */
  strings: readonly string[] = [];

  setRow(run: SampleRun, row: number): void {
    this.isSet = true;
    this.time = run.times[row];
    this.value = run.values[row];
    this.kind = run.kinds[row];
    this.status = run.statuses[row];
    this.strings = run.strings;
  }

  setGoodNumber(time: number, value: number): void {
    this.isSet = true;
    this.time = time;
    this.value = value;
    this.kind = ValueKind.number;
    this.status = 0;
  }

  /** Whether one of the two can stand for both: all that is seen of them is equal. */
  equals(other: PlotPoint): boolean {
    const isString = this.kind === ValueKind.string;
    return (
      this.time === other.time &&
      this.kind === other.kind &&
      this.status === other.status &&
      (isString ? this.strings[this.value] === other.strings[other.value] : Object.is(this.value, other.value))
    );
  }
}
