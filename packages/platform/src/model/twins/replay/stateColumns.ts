/** What has inertia, integrated along a history: exactly where a state decays by itself, else by Runge and Kutta's rule. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { US_PER_S } from '@tidegate/core/clock/timestamp.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { blankRun, type SampleRun } from '../../../historian/archive/sampleRun.ts';
import type { TwinState, TwinTemplate } from '../twinTemplate.ts';
import {
  constantColumn,
  formulaColumn,
  isNumber,
  type ParameterValues,
  type StateColumns,
  type TwinHistory,
  windowColumns,
} from './twinHistory.ts';

/** How far from a line a rate may be and still count as one, as a share of its size. */
const LINE_PRECISION = 1e-9;
/** Below it the series of the exponential is more exact than the exponential. */
const SERIES_BELOW = 1e-4;

/**
 * Every state of a template at the times of a history; its step is the distance of the rows.
 *
 * A state whose rate is a line in the state itself, `a - b x`, and reads no state behind it, is integrated as a whole with the
 * exact exponential for inputs that run straight from row to row, so that no step is too coarse for it. All others take the
 * classical rule of fourth order (Hairer, Norsett and Wanner, Solving Ordinary Differential Equations I, II.1) together.
 *
 * Where a rate has no value, the state has none, and begins anew behind the gap.
 */
export function stateColumns(template: TwinTemplate, history: TwinHistory, parameters: ParameterValues): StateColumns {
  const columns = new Map<string, SampleRun>();
  const coupled: TwinState[] = [];
  for (const state of template.states.values()) {
    const line = rateLine(template, state, history, parameters, columns);
    if (line) columns.set(state.name, integrateLine(template, state, history, parameters, columns, line));
    else coupled.push(state);
  }
  if (coupled.length > 0) integrateTogether(template, coupled, history, parameters, columns);
  return columns;
}

/** A rate `drive - decay * x` in every row; a row without a value is bad. */
interface RateLine {
  readonly drive: SampleRun;
  readonly decay: Float64Array;
}

function rateLine(
  template: TwinTemplate,
  state: TwinState,
  history: TwinHistory,
  parameters: ParameterValues,
  known: StateColumns,
): RateLine | undefined {
  const others = state.rate.expression.tags.filter((name) => template.states.has(name) && name !== state.name);
  if (others.some((name) => !known.has(name))) return undefined;
  const initial = formulaColumn(template, state.initial, history, parameters, known);
  const anchor = initial.values.find((_, row) => isNumber(initial, row)) ?? 0;
  const reach = Math.max(1, Math.abs(anchor));
  const at = (value: number) =>
    formulaColumn(
      template,
      state.rate,
      history,
      parameters,
      new Map(known).set(state.name, constantColumn(history.times, value)),
    );
  const [below, middle, above] = [anchor - reach, anchor, anchor + reach].map(at);
  const decay = new Float64Array(history.times.length);
  const drive = { ...middle, values: middle.values.slice() };
  for (let row = 0; row < decay.length; row++) {
    if (!isNumber(middle, row)) continue;
    if (!isNumber(below, row) || !isNumber(above, row)) return undefined;
    const bend = above.values[row] - 2 * middle.values[row] + below.values[row];
    const size = Math.abs(above.values[row]) + Math.abs(below.values[row]) + Math.abs(middle.values[row]);
    if (Math.abs(bend) > LINE_PRECISION * size) return undefined;
    decay[row] = (below.values[row] - above.values[row]) / (2 * reach);
    drive.values[row] = middle.values[row] + decay[row] * anchor;
  }
  return { drive, decay };
}

function integrateLine(
  template: TwinTemplate,
  state: TwinState,
  history: TwinHistory,
  parameters: ParameterValues,
  known: StateColumns,
  { drive, decay }: RateLine,
): SampleRun {
  const { times } = history;
  const initial = formulaColumn(template, state.initial, history, parameters, known);
  const column = { ...blankRun(times.length), times };
  for (let row = 0; row < times.length; row++) {
    if (!isNumber(drive, row)) {
      column.statuses[row] = drive.statuses[row] || STATUS.BadNoData;
      continue;
    }
    const goesOn = row > 0 && column.kinds[row - 1] === ValueKind.number;
    if (!goesOn && !isNumber(initial, row)) {
      column.statuses[row] = initial.statuses[row] || STATUS.BadNoData;
      continue;
    }
    column.kinds[row] = ValueKind.number;
    column.statuses[row] = drive.statuses[row];
    column.values[row] = goesOn
      ? decayed(column.values[row - 1], drive.values, decay, row, (times[row] - times[row - 1]) / US_PER_S)
      : initial.values[row];
  }
  return column;
}

/** Exact for a constant decay and a drive that runs straight from the row before to this one (exponential integrator). */
function decayed(x: number, drive: Float64Array, decay: Float64Array, row: number, seconds: number): number {
  const z = (-seconds * (decay[row - 1] + decay[row])) / 2;
  const first = Math.abs(z) < SERIES_BELOW ? 1 + z / 2 + (z * z) / 6 : Math.expm1(z) / z;
  const second = Math.abs(z) < SERIES_BELOW ? 0.5 + z / 6 + (z * z) / 24 : (first - 1) / z;
  return Math.exp(z) * x + seconds * (first * drive[row - 1] + second * (drive[row] - drive[row - 1]));
}

/** Integrates states that depend on each other, or on themselves along a curve. */
function integrateTogether(
  template: TwinTemplate,
  coupled: readonly TwinState[],
  history: TwinHistory,
  parameters: ParameterValues,
  into: Map<string, SampleRun>,
): void {
  const { times } = history;
  const rows = new RowHistory(history, into);
  const windows = coupled.map(({ rate }) => windowColumns(rate, history, parameters, into));
  const initials = coupled.map(({ initial }) => formulaColumn(template, initial, history, parameters, into));
  const columns = coupled.map(() => ({ ...blankRun(times.length), times }));
  const ratesAt = (place: number, values: readonly number[]): readonly number[] | undefined => {
    const { history: moment, states } = rows.at(place);
    for (const [at, { name }] of coupled.entries()) states.set(name, constantColumn(moment.times, values[at]));
    const rates = coupled.map(({ rate }, at) =>
      formulaColumn(template, rate, moment, parameters, states, rows.momentsOf(windows[at], place)),
    );
    return rates.every((rate) => isNumber(rate, 0)) ? rates.map(({ values: [rate] }) => rate) : undefined;
  };
  let values: readonly number[] | undefined;
  for (let row = 0; row < times.length; row++) {
    if (values) values = rungeKutta(values, row - 1, (times[row] - times[row - 1]) / US_PER_S, ratesAt);
    else if (initials.every((initial) => isNumber(initial, row)))
      values = initials.map((initial) => initial.values[row]);
    for (const [at, column] of columns.entries()) {
      if (!values) column.statuses[row] = STATUS.BadNoData;
      else {
        column.kinds[row] = ValueKind.number;
        column.values[row] = values[at];
      }
    }
  }
  for (const [at, { name }] of coupled.entries()) into.set(name, columns[at]);
}

type Rates = (place: number, values: readonly number[]) => readonly number[] | undefined;

function rungeKutta(values: readonly number[], row: number, seconds: number, ratesAt: Rates) {
  const along = (rates: readonly number[], part: number) =>
    values.map((value, at) => value + rates[at] * part * seconds);
  const k1 = ratesAt(row, values);
  const k2 = k1 && ratesAt(row + 0.5, along(k1, 0.5));
  const k3 = k2 && ratesAt(row + 0.5, along(k2, 0.5));
  const k4 = k3 && ratesAt(row + 1, along(k3, 1));
  if (!k4) return undefined;
  const next = values.map((value, at) => value + (seconds / 6) * (k1[at] + 2 * k2[at] + 2 * k3[at] + k4[at]));
  return next.every(Number.isFinite) ? next : undefined;
}

/** A history of one moment at a time, in a row or halfway to the next. */
class RowHistory {
  readonly #times: Float64Array;
  readonly #attributes: readonly (readonly [string, SampleRun])[];
  readonly #states: readonly (readonly [string, SampleRun])[];

  constructor({ times, attributes }: TwinHistory, states: StateColumns) {
    this.#times = times;
    this.#attributes = [...attributes];
    this.#states = [...states];
  }

  at(place: number): { history: TwinHistory; states: Map<string, SampleRun> } {
    const moment = ([name, run]: readonly [string, SampleRun]) => [name, this.#momentOf(run, place)] as const;
    return {
      history: { times: this.#timeAt(place), attributes: new Map(this.#attributes.map(moment)) },
      states: new Map(this.#states.map(moment)),
    };
  }

  momentsOf(runs: readonly SampleRun[], place: number): readonly SampleRun[] {
    return runs.map((run) => this.#momentOf(run, place));
  }

  #timeAt(place: number): Float64Array {
    const row = Math.floor(place);
    const width = (this.#times[row + 1] ?? this.#times[row]) - this.#times[row];
    return Float64Array.of(this.#times[row] + (place - row) * width);
  }

  #momentOf(run: SampleRun, place: number): SampleRun {
    const row = Math.floor(place);
    const one = { ...blankRun(1, run.strings), times: this.#timeAt(place) };
    one.kinds[0] = run.kinds[row];
    one.statuses[0] = run.statuses[row];
    one.values[0] = run.values[row];
    if (place > row && isNumber(run, row) && isNumber(run, row + 1)) {
      one.values[0] += (place - row) * (run.values[row + 1] - run.values[row]);
    }
    return one;
  }
}
