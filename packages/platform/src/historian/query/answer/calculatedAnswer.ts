/** Tags that are calculated from other tags. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { EMPTY_RUN, type SampleRun } from '../../archive/sampleRun.ts';
import { calculate, eventTimes } from '../expression/calculate.ts';
import type { CurveMaps } from '../expression/curveMap.ts';
import { costDefect } from '../expression/expressionCost.ts';
import { expressionInputs } from './expressionInputs.ts';
import type { QuerySources } from './question.ts';
import type { TagExpression } from './tagExpression.ts';

export interface CalculatedQuestion {
  readonly calculation: TagExpression;
  /** What it calls by `map`. */
  readonly maps?: CurveMaps | undefined;
  readonly knownAt?: number | undefined;
  /** Where the values are wanted: at times that ascend, or wherever one of the tags has a sample in a range (µs). */
  readonly at: Float64Array | { readonly start: number; readonly end: number };
}

/** Fault `history.too-much` where the tags have too many samples there, or the expression would run long over them. */
export async function calculatedAnswer(
  { history }: QuerySources,
  { calculation, maps, knownAt, at }: CalculatedQuestion,
): Promise<Result<SampleRun>> {
  const isTimes = at instanceof Float64Array;
  if (isTimes && at.length === 0) return success(EMPTY_RUN);
  const [earliest, latest] = isTimes ? [at[0], at[at.length - 1]] : [at.start, at.end - 1];
  const inputs = await expressionInputs(history, calculation, { earliest, latest, knownAt });
  if (!inputs.ok) return inputs;
  const times = isTimes ? at : eventTimes(inputs.value, at.start, at.end);
  const defect = costDefect(calculation.expression, times.length);
  if (defect) return failure('history.too-much', defect);
  return success(calculate(calculation.expression, inputs.value, times, maps));
}
