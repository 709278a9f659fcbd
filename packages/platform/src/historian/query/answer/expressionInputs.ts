/** The samples of the tags that an expression reads. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { SampleRun } from '../../archive/sampleRun.ts';
import { type ExpressionInput, filterRun } from '../expression/calculate.ts';
import { lookBackUs } from '../expression/timeWindow.ts';
import type { History } from '../history.ts';
import { RunBuilder } from '../runBuilder.ts';
import { samplesAround } from './samplesAround.ts';
import type { TagExpression } from './tagExpression.ts';

/** More samples than this are not held in memory at once for one expression. */
export const MAX_INPUT_SAMPLES = 5_000_000;

/**
 * For each tag of the expression its samples from `earliest` to `latest`, with those that bound them. Fault `history.too-much`
 * where they are too many.
 */
export async function expressionInputs(
  history: Pick<History, 'scan'>,
  { expression, tags }: TagExpression,
  range: { readonly earliest: number; readonly latest: number; readonly knownAt?: number | undefined },
): Promise<Result<readonly ExpressionInput[]>> {
  const inputs: ExpressionInput[] = [];
  let room = MAX_INPUT_SAMPLES;
  for (const tag of tags) {
    const runs = new RunBuilder();
    const earliest = range.earliest - lookBackUs(expression.windows);
    const around = { ...range, earliest, usableBefore: 0, usableAfter: 0, treatUncertainAsBad: false } as const;
    for await (const run of samplesAround(history, tag.index, around)) {
      if (!('times' in run)) continue;
      runs.add(run);
      room -= run.times.length;
      if (room < 0) {
        const detail = `The expression reads more than ${MAX_INPUT_SAMPLES} samples in this range.`;
        return failure('history.too-much', detail);
      }
    }
    inputs.push({ run: runs.build(), stepped: tag.stepped || tag.type !== 'number' });
  }
  return success(inputs);
}

/** Leaves of a run the samples at whose time the expression is true. */
export function filterBy(
  history: Pick<History, 'scan'>,
  filter: TagExpression,
  knownAt: number | undefined,
): (run: SampleRun) => Promise<SampleRun> {
  return async (run) => {
    const { times } = run;
    if (times.length === 0) return run;
    const inputs = await expressionInputs(history, filter, {
      earliest: times[0],
      latest: times[times.length - 1],
      knownAt,
    });
    if (!inputs.ok) throw new FilterFault(inputs.fault.detail);
    return filterRun(run, filter.expression, inputs.value);
  };
}

/** Ends a scan whose filter would need too much; `HistoryQueries` makes a fault of it. */
export class FilterFault extends Error {}
