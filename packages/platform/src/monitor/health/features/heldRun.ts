/** An expression over tags of which each holds its value until its next sample: what a person at the plant saw at each moment. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { joinRuns } from '../../../historian/archive/joinRuns.ts';
import { blankRun, clipRun, type SampleRun } from '../../../historian/archive/sampleRun.ts';
import type { TagExpression } from '../../../historian/query/answer/tagExpression.ts';
import { calculate, type ExpressionInput, eventTimes } from '../../../historian/query/expression/calculate.ts';
import type { CurveMaps } from '../../../historian/query/expression/curveMap.ts';
import { costDefect } from '../../../historian/query/expression/expressionCost.ts';

export interface HeldExpression extends Pick<TagExpression, 'expression'> {
  readonly maps: CurveMaps | undefined;
}

/**
 * A row at `start`, wherever a tag has a sample in `start <= time < end` (µs), and where a time window leaves one behind. `runs`
 * stand in the order of the tags of the expression, each with what came before `start` as far as it counts. No sample at or
 * behind `end` counts. Fault `history.too-much`.
 */
export function heldRun(
  { expression, maps }: HeldExpression,
  runs: readonly SampleRun[],
  start: number,
  end: number,
): Result<SampleRun> {
  const inputs = runs.map((run): ExpressionInput => ({ run: heldTo(run, end), stepped: true }));
  const events = eventTimes(inputs, start, end);
  const left = expression.windows.map(({ tag, widthUs }) =>
    clipRun(runs[tag], start - widthUs, end - widthUs).times.map((time) => time + widthUs),
  );
  const times = distinct([Float64Array.of(start), events, ...left]);
  const defect = costDefect(expression, times.length);
  return defect === undefined
    ? success(calculate(expression, inputs, times, maps))
    : failure('history.too-much', defect);
}

/** The samples of the one tag of the expression as it has them, each by itself. */
export function calculatedRun({ expression, maps }: HeldExpression, run: SampleRun): SampleRun {
  return calculate(expression, [{ run, stepped: true }], run.times, maps);
}

/** A value behind which nothing is known counts as doubtful: so that it does not matter what comes later, something always does. */
function heldTo(run: SampleRun, end: number): SampleRun {
  const { times } = run;
  if (times.length > 0 && times[times.length - 1] >= end) return run;
  const close = blankRun(1);
  close.times[0] = end;
  close.kinds[0] = ValueKind.number;
  return joinRuns([run, close]);
}

/** All times of the columns, ascending, each once. */
function distinct(columns: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(columns.reduce((sum, { length }) => sum + length, 0));
  let count = 0;
  for (const column of columns) {
    all.set(column, count);
    count += column.length;
  }
  // Most often what was put together is in order.
  if (columns.length > 2) all.sort();
  count = 0;
  for (const time of all) if (count === 0 || time > all[count - 1]) all[count++] = time;
  return all.slice(0, count);
}
