/** The states of a tag as a list of events: from when until when it had which value, or was bad. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { SampleValue } from '@tidegate/core/sample/sample.ts';
import { type SampleRun, valueAt } from '../../archive/sampleRun.ts';

/** More different states than this are no states but a measurement. */
export const MAX_STATES = 1_000;

export interface StateOptions {
  /** An uncertain sample is a bad one. Not by default. */
  readonly treatUncertainAsBad?: boolean;
}

/** Events one after the other, in columns of equal length; between two of them there is no time. */
export interface StateEvents {
  /** µs; an event that runs over the start or the end of the range is cut there. */
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  /** Which of `states` it is. */
  readonly states: Uint32Array;
  /** The worst status of its samples; of a bad event the status that all of them have. */
  readonly statuses: Uint32Array;
  /** 1 where the state was entered at its start; 0 for one that began before the range. */
  readonly entered: Uint8Array;
  /** The different states in the order of their first event; `null` is bad, or without a value. */
  readonly table: readonly SampleValue[];
}

const UNCERTAIN = 0x40000000;
const BAD = 0x80000000;

/**
 * Takes the samples of one tag in order of time, the last one before the range too. A state lasts until the next sample that
 * has another; of samples of equal time the last counts; the last state lasts until the end of the range, so that the caller
 * ends it at the present. Before the first sample there is no event. Bad samples of different statuses are different events
 * of one state. A boolean is 0 or 1.
 */
export class StateRecorder {
  readonly #start: number;
  readonly #end: number;
  readonly #unusableFrom: number;
  readonly #starts: number[] = [];
  readonly #states: number[] = [];
  readonly #statuses: number[] = [];
  readonly #entered: number[] = [];
  readonly #table: SampleValue[] = [];
  readonly #indexOfState = new Map<SampleValue, number>();
  /** The last sample, which one of the same time may replace, and the state before it; without one, no value at all. */
  #time = Number.NEGATIVE_INFINITY;
  #value: SampleValue | undefined;
  #status = 0;
  #valueBefore: SampleValue | undefined;
  #statusBefore = 0;

  /** `start` and `end` in µs, `start < end`. */
  constructor(start: number, end: number, { treatUncertainAsBad }: StateOptions = {}) {
    this.#start = start;
    this.#end = end;
    this.#unusableFrom = treatUncertainAsBad ? UNCERTAIN : BAD;
  }

  /** Takes samples that follow those before. */
  push(run: SampleRun): void {
    const { times, values, kinds, statuses } = run;
    for (let row = 0; row < times.length && times[row] < this.#end; row++) {
      const before = row - 1;
      if (values[row] === values[before] && kinds[row] === kinds[before] && statuses[row] === statuses[before])
        continue;
      if (times[row] > this.#time) this.#endState(times[row]);
      const isUsable = kinds[row] !== ValueKind.none && statuses[row] < this.#unusableFrom;
      this.#time = times[row];
      this.#value = isUsable ? valueAt(run, row) : null;
      this.#status = statuses[row];
    }
  }

  /** A fault where there are more than `MAX_STATES` different states. */
  finish(): Result<StateEvents> {
    this.#endState(this.#end);
    if (this.#table.length > MAX_STATES) {
      return failure('request.invalid', `The tag has more than ${MAX_STATES} different values: they are no states.`);
    }
    const starts = Float64Array.from(this.#starts);
    return success({
      starts,
      ends: starts.map((_, event) => (event + 1 < starts.length ? starts[event + 1] : this.#end)),
      states: Uint32Array.from(this.#states),
      statuses: Uint32Array.from(this.#statuses),
      entered: Uint8Array.from(this.#entered),
      table: this.#table,
    });
  }

  /** The state of the last sample lasts until `time` at least. */
  #endState(time: number): void {
    const [value, status] = [this.#value, this.#status];
    if (value === undefined) return;
    const hasChanged = value !== this.#valueBefore || (value === null && status !== this.#statusBefore);
    this.#valueBefore = value;
    this.#statusBefore = status;
    if (time <= this.#start || this.#table.length > MAX_STATES) return;
    const last = this.#starts.length - 1;
    if (last >= 0 && !hasChanged) {
      if (status >>> 30 > this.#statuses[last] >>> 30) this.#statuses[last] = status;
      return;
    }
    this.#starts.push(Math.max(this.#time, this.#start));
    this.#states.push(this.#indexOf(value));
    this.#statuses.push(status);
    this.#entered.push(this.#time >= this.#start && hasChanged ? 1 : 0);
  }

  #indexOf(value: SampleValue): number {
    let index = this.#indexOfState.get(value);
    if (index === undefined) {
      index = this.#table.push(value) - 1;
      this.#indexOfState.set(value, index);
    }
    return index;
  }
}

/** Events of samples that are at hand as a whole, from `start` to before `end`; see `StateRecorder`. */
export function stateEvents(run: SampleRun, start: number, end: number, options?: StateOptions): Result<StateEvents> {
  const recorder = new StateRecorder(start, end, options);
  recorder.push(run);
  return recorder.finish();
}
