/** How uncertain the result of an expression is, when its inputs are. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import type { SampleRun } from '../../archive/sampleRun.ts';
import { type EvaluationContext, evaluateExpression } from './evaluateExpression.ts';
import type { Expression } from './expressionNode.ts';

/**
 * The combined standard uncertainty of each row, to the first order and with inputs that are not correlated (GUM,
 * JCGM 100:2008, 5.1.2); the contribution of each input is half of what the result moves by when the input moves from a
 * standard uncertainty below its value to one above (5.1.3, note 2).
 *
 * `uncertainties` stand in the order of `expression.tags`: the standard uncertainty of each input in its own unit, 0 where it is
 * certain or not a number. Where the expression has no number at one of those points, as beside a division by 0, the result is
 * NaN. Windows count as certain.
 */
export function expressionUncertainty(
  expression: Expression,
  columns: readonly SampleRun[],
  uncertainties: readonly Float64Array[],
  times: Float64Array,
  context: EvaluationContext = {},
): Float64Array<ArrayBuffer> {
  const variances = new Float64Array(times.length);
  for (const [input, uncertainty] of uncertainties.entries()) {
    if (uncertainty.every((value) => value === 0)) continue;
    const at = (sign: number) =>
      evaluateExpression(expression, columns.with(input, moved(columns[input], uncertainty, sign)), times, context);
    const [above, below] = [at(1), at(-1)];
    for (let row = 0; row < times.length; row++) {
      const isNumber = above.kinds[row] === ValueKind.number && below.kinds[row] === ValueKind.number;
      const contribution = isNumber ? (above.values[row] - below.values[row]) / 2 : Number.NaN;
      variances[row] += contribution * contribution;
    }
  }
  return variances.map(Math.sqrt);
}

function moved(column: SampleRun, uncertainty: Float64Array, sign: number): SampleRun {
  const values = column.values.map((value, row) =>
    column.kinds[row] === ValueKind.number ? value + sign * uncertainty[row] : value,
  );
  return { ...column, values };
}
