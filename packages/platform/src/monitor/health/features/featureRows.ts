/**
 * Makes rows of features from runs whose values hold until the next. A row is made of what lies in its interval and of what held
 * just before, and of nothing else: it does not matter in which pieces they come, nor what comes later.
 *
 * - Time in which the condition does not hold counts nowhere; an interval in which it never held has no row.
 * - Values with a bad status count nowhere either; uncertain ones count, but are not good data. `quality` is the share of the time in which
 *   the condition held, or nobody knows whether it did, in which all features were good.
 * - What is told of a vibration comes from the samples of the interval alone, and has a quality of its own: the least one counts.
 * - A slope is the least-squares line through the held values, per hour. An increase is that of a counter: after a reset what it
 *   shows, as `counterStep` has it. It and starts belong to the interval of the reading that shows them.
 */

import type { SampleRun } from '../../../historian/archive/sampleRun.ts';
import {
  type FeatureDefinition,
  type HealthWatch,
  type HeldMeasure,
  isVibrationMeasure,
} from '../definition/healthWatch.ts';
import type { FeatureTable } from './featureTable.ts';
import { HeldCursor } from './heldCursor.ts';
import { IntervalMeter } from './intervalMeter.ts';
import { TimeSpans } from './timeSpans.ts';
import type { VibrationColumn } from './vibrationRows.ts';

export interface RowShape extends Pick<HealthWatch, 'intervalUs'> {
  readonly features: readonly Pick<FeatureDefinition, 'name' | 'measure'>[];
}

/** What a feature is made of: a run whose values hold, or what each interval of a vibration has come to already. */
export type FeatureSource = SampleRun | VibrationColumn;

export class FeatureRows {
  readonly #shape: RowShape;
  readonly #times: Float64Array;
  readonly #columns: readonly Float64Array[];
  readonly #quality: Float64Array;
  readonly #lacks: (string | undefined)[];
  readonly #meter = new IntervalMeter();
  /** Of the interval at hand: where the condition holds, and where not all is good. */
  readonly #counting = new TimeSpans();
  readonly #doubtful = new TimeSpans();
  #count = 0;

  /** Rows lie in `start <= time < end` (µs), which are whole multiples of the interval. */
  constructor(shape: RowShape, start: number, end: number) {
    const most = Math.max(0, Math.round((end - start) / shape.intervalUs));
    this.#shape = shape;
    this.#times = new Float64Array(most);
    this.#columns = shape.features.map(() => new Float64Array(most));
    this.#quality = new Float64Array(most);
    this.#lacks = shape.features.map(() => undefined);
  }

  /**
   * The intervals of `start <= time < end`, which follow those before. Sources stand in the order of the features; runs begin before
   * `start` as far as that is known. The condition holds where it is other than 0; without one it always does.
   */
  add(start: number, end: number, condition: SampleRun | undefined, features: readonly FeatureSource[]): void {
    const { intervalUs } = this.#shape;
    const gate = condition && new HeldCursor(condition);
    const sources = features.map((source) => ('times' in source ? new HeldCursor(source) : source));
    for (const [feature, source] of features.entries()) {
      if ('lack' in source) this.#lacks[feature] = source.lack ?? this.#lacks[feature];
    }
    for (let from = start, at = 0; from < end; from += intervalUs, at++) {
      this.#addRow(from, at, gate, sources);
    }
  }

  build(): FeatureTable {
    const count = this.#count;
    return {
      names: this.#shape.features.map(({ name }) => name),
      times: this.#times.slice(0, count),
      columns: this.#columns.map((column) => column.slice(0, count)),
      quality: this.#quality.slice(0, count),
      lacks: this.#lacks,
    };
  }

  /** The row of the interval that begins at `from`, which is the one at `at` of its piece. */
  #addRow(
    from: number,
    at: number,
    gate: HeldCursor | undefined,
    sources: readonly (HeldCursor | VibrationColumn)[],
  ): void {
    const to = from + this.#shape.intervalUs;
    this.#counting.clear();
    this.#doubtful.clear();
    if (gate) this.#findCounting(gate, from, to);
    else this.#counting.add(from, to);
    const asked = this.#counting.total + this.#doubtful.total;
    if (asked === 0) return;
    const row = this.#count++;
    this.#times[row] = to;
    let least = 1;
    for (const [feature, { measure }] of this.#shape.features.entries()) {
      const source = sources[feature];
      if (!(source instanceof HeldCursor)) {
        this.#columns[feature][row] = source.values[at];
        least = Math.min(least, source.quality[at]);
      } else {
        const isHeld = !isVibrationMeasure(measure);
        this.#columns[feature][row] = isHeld ? this.#measure(source, measure, from, to) : Number.NaN;
      }
    }
    this.#quality[row] = Math.min(least, 1 - this.#doubtful.covered() / asked);
  }

  #findCounting(gate: HeldCursor, from: number, to: number): void {
    for (gate.seek(from); gate.start < to; gate.next()) {
      const [start, end] = [Math.max(from, gate.start), Math.min(to, gate.end)];
      if (Number.isNaN(gate.value)) this.#doubtful.add(start, end);
      else if (gate.value !== 0) this.#counting.add(start, end);
    }
  }

  #measure(cursor: HeldCursor, measure: HeldMeasure, from: number, to: number): number {
    const meter = this.#meter;
    const { starts, ends, count } = this.#counting;
    cursor.seek(from - 0.5);
    meter.begin(from, cursor.value);
    let span = 0;
    for (; cursor.start < to; cursor.next()) {
      const { value, start, end } = cursor;
      while (span < count && ends[span] <= start) span++;
      if (start >= from && !Number.isNaN(value)) meter.read(value, span < count && starts[span] <= start);
      for (let at = span; at < count && starts[at] < end; at++) {
        const [first, last] = [Math.max(start, starts[at]), Math.min(end, ends[at])];
        if (last <= first) continue;
        if (!cursor.isGood) this.#doubtful.add(first, last);
        if (!Number.isNaN(value)) meter.hold(value, first, last);
      }
    }
    return meter.measure(measure);
  }
}

/** The rows of `start <= time < end` (µs), moved to whole intervals, where all runs are at hand; see `FeatureRows`. */
export function featureRows(
  shape: RowShape,
  runs: { readonly condition?: SampleRun | undefined; readonly features: readonly FeatureSource[] },
  start: number,
  end: number,
): FeatureTable {
  const whole = wholeIntervals(shape, { start, end });
  const rows = new FeatureRows(shape, ...whole);
  rows.add(...whole, runs.condition, runs.features);
  return rows.build();
}

/** Intervals of a watch begin at whole multiples of their length since 1970 UTC. */
export function wholeIntervals(
  { intervalUs }: Pick<HealthWatch, 'intervalUs'>,
  { start, end }: { readonly start: number; readonly end: number },
): readonly [start: number, end: number] {
  return [Math.floor(start / intervalUs) * intervalUs, Math.ceil(end / intervalUs) * intervalUs];
}
