/** The results of an aggregate, in columns like those of samples. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';

/** One result for each interval, in the order of the query; the columns read like those of a `SampleRun`. */
export class ResultColumns {
  /** Microseconds since 1970 UTC: the start of the interval, or the time of the sample for the aggregates that give it. */
  readonly times: Float64Array;
  /** A number, a StatusCode for the aggregates that give one, or an index into `strings`; 0 where there is no value. */
  readonly values: Float64Array;
  /** One `ValueKind` for each result. */
  readonly kinds: Uint8Array;
  /** With the flags that tell where the value is from (OPC 10000-13, 5.3.3). */
  readonly statuses: Uint32Array;
  readonly strings: string[] = [];

  constructor(count: number) {
    this.times = new Float64Array(count);
    this.values = new Float64Array(count);
    this.kinds = new Uint8Array(count);
    this.statuses = new Uint32Array(count);
  }

  putNumber(row: number, time: number, value: number, status: number): void {
    this.times[row] = time;
    this.values[row] = value;
    this.kinds[row] = ValueKind.number;
    this.statuses[row] = status;
  }

  putNone(row: number, time: number, status: number): void {
    this.times[row] = time;
    this.statuses[row] = status;
  }

  put(row: number, time: number, value: number, text: string | undefined, status: number): void {
    this.putNumber(row, time, text === undefined ? value : this.strings.push(text) - 1, status);
    if (text !== undefined) this.kinds[row] = ValueKind.string;
  }
}
