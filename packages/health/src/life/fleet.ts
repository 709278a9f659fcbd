/** The histories of like units side by side: what a fleet has lived through, as columns. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';

export interface Fleet {
  /** The unit of every row; the rows of a unit stand together, in the order of time, one row a cycle. */
  readonly units: Int32Array;
  /** What was asked of the unit (load, speed, altitude): columns by which operating regimes are told apart. May be none. */
  readonly settings: readonly Float64Array[];
  /** What was measured; NaN where there is no usable value. */
  readonly signals: readonly Float64Array[];
  readonly signalNames: readonly string[];
  /** Cycles or hours since new at every row, where they are known. */
  readonly ages?: Float64Array;
}

/** The rows of one unit: `begin` to `end`, end not included. */
export interface UnitSpan {
  readonly unit: number;
  readonly begin: number;
  readonly end: number;
}

/** The spans of all units in the order of the rows; `health.bad-data` where columns differ in length or a unit is torn. */
export function unitSpans(fleet: Fleet): Result<UnitSpan[]> {
  const { units, settings, signals, signalNames, ages } = fleet;
  if (signalNames.length !== signals.length)
    return failure('health.bad-data', `${signalNames.length} names for ${signals.length} signals.`);
  for (const column of [...settings, ...signals, ...(ages ? [ages] : [])])
    if (column.length !== units.length)
      return failure('health.bad-data', `A column has ${column.length} rows where the units have ${units.length}.`);
  const spans: UnitSpan[] = [];
  const seen = new Set<number>();
  for (let begin = 0; begin < units.length; ) {
    let end = begin + 1;
    while (end < units.length && units[end] === units[begin]) end++;
    if (seen.has(units[begin]))
      return failure(
        'health.bad-data',
        `The rows of unit ${units[begin]} do not stand together: again at row ${begin}.`,
      );
    seen.add(units[begin]);
    spans.push({ unit: units[begin], begin, end });
    begin = end;
  }
  return success(spans);
}

/** Cycles left at every row of units that were watched until they failed, never above `cap`. */
export function cyclesLeft(spans: readonly UnitSpan[], cap = Number.POSITIVE_INFINITY): Float64Array {
  const left = new Float64Array(spans.at(-1)?.end ?? 0);
  for (const { begin, end } of spans) for (let row = begin; row < end; row++) left[row] = Math.min(cap, end - 1 - row);
  return left;
}

/** The rows of these spans of a column, one after the other. */
export function joinSpans(column: Float64Array, spans: readonly Omit<UnitSpan, 'unit'>[]): Float64Array {
  const joined = new Float64Array(spans.reduce((rows, { begin, end }) => rows + end - begin, 0));
  let at = 0;
  for (const { begin, end } of spans) {
    joined.set(column.subarray(begin, end), at);
    at += end - begin;
  }
  return joined;
}
