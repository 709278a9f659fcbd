/** The two uses of expressions: tags that are calculated from other tags, and samples that are filtered. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { blankRun, clipRun, type SampleRun } from '../../archive/sampleRun.ts';
import type { CurveMaps } from './curveMap.ts';
import { evaluateExpression } from './evaluateExpression.ts';
import type { Expression } from './expressionNode.ts';
import { type TagColumnOptions, tagColumn } from './tagColumn.ts';
import { windowColumn } from './windowColumn.ts';

/** The samples of one tag, those before and behind the range that bound it included. */
export interface ExpressionInput extends TagColumnOptions {
  readonly run: SampleRun;
}

const BAD = 0x80000000;

/** The times at which any of the inputs has a sample in `start <= time < end`, each once, ascending. */
export function eventTimes(inputs: readonly ExpressionInput[], start: number, end: number): Float64Array<ArrayBuffer> {
  const columns = inputs.map(({ run }) => clipRun(run, start, end).times);
  return columns.reduce<Float64Array<ArrayBuffer>>(mergeDistinct, new Float64Array(0));
}

/** `merged` is strictly ascending, `times` ascending; the result is strictly ascending. */
function mergeDistinct(merged: Float64Array, times: Float64Array): Float64Array<ArrayBuffer> {
  const all = new Float64Array(merged.length + times.length);
  let [count, at, row] = [0, 0, 0];
  while (at < merged.length || row < times.length) {
    const isNext = row === times.length || (at < merged.length && merged[at] <= times[row]);
    const time = isNext ? merged[at++] : times[row++];
    if (count === 0 || time > all[count - 1]) all[count++] = time;
  }
  return all.slice(0, count);
}

/**
 * The calculated tag at `times`, which ascend: those of `eventTimes`, or of an interval. `inputs` stand in the order of
 * `expression.tags`; each is held or interpolated at every time (`tagColumn`). Those of windows reach back by their width.
 */
export function calculate(
  expression: Expression,
  inputs: readonly ExpressionInput[],
  times: Float64Array,
  maps?: CurveMaps,
): SampleRun {
  return evaluateExpression(
    expression,
    inputs.map((input) => tagColumn(input.run, times, input)),
    times,
    { maps, windows: expression.windows.map((window) => windowColumn(inputs[window.tag].run, times, window)) },
  );
}

/**
 * The samples of `run` at whose time the expression is true, as they were stored. Where it is bad, it is not true; uncertain
 * truth is truth.
 */
export function filterRun(run: SampleRun, expression: Expression, inputs: readonly ExpressionInput[]): SampleRun {
  const { kinds, values, statuses } = calculate(expression, inputs, run.times);
  const rows = run.times
    .keys()
    .filter((row) => kinds[row] === ValueKind.number && values[row] !== 0 && statuses[row] < BAD)
    .toArray();
  const kept = blankRun(rows.length, run.strings);
  for (const [at, row] of rows.entries()) {
    kept.times[at] = run.times[row];
    kept.values[at] = run.values[row];
    kept.kinds[at] = run.kinds[row];
    kept.statuses[at] = run.statuses[row];
  }
  return kept;
}
