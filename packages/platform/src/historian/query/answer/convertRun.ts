/** Samples in another unit: converted before anything is calculated, so that every result is right, offsets included. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import type { RunSummary } from '../../archive/runSummary.ts';
import type { SampleRun } from '../../archive/sampleRun.ts';
import type { UnitConverter } from '../unit/unitConverter.ts';

/** Shares all columns but that of the values; texts stay as they are. */
export function convertRun(run: SampleRun, { scale, offset }: UnitConverter): SampleRun {
  const { kinds } = run;
  const values = run.values.slice();
  for (let row = 0; row < values.length; row++) {
    if (kinds[row] === ValueKind.number) values[row] = values[row] * scale + offset;
  }
  // What was finite need not be in another unit.
  return { ...run, values, isPlain: false };
}

/** A scale below 0, which no unit has, would exchange least and greatest. */
export function convertSummary(summary: RunSummary, { scale, offset }: UnitConverter): RunSummary {
  const { count, firstTime, lastTime, minTime, maxTime, minCount, maxCount, statusBits } = summary;
  const { sum, sumOfSquares, slopedArea, steppedArea } = summary;
  const span = lastTime - firstTime;
  const of = (value: number) => value * scale + offset;
  return {
    ...{ count, firstTime, lastTime, minTime, maxTime, minCount, maxCount, statusBits },
    ...{ first: of(summary.first), last: of(summary.last), min: of(summary.min), max: of(summary.max) },
    sum: sum * scale + offset * count,
    sumOfSquares: sumOfSquares * scale * scale + 2 * scale * offset * sum + offset * offset * count,
    slopedArea: slopedArea * scale + offset * span,
    steppedArea: steppedArea * scale + offset * span,
  };
}
