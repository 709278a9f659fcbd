/** Puts samples that are written down one by one into columns. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import type { Sample } from '@tidegate/core/sample/sample.ts';
import { blankRun, type SampleRun } from '../../../archive/sampleRun.ts';

export type PlainSample = { readonly [Field in keyof Sample]: Field extends 'value' ? Sample['value'] : number };

export function seriesRun(samples: readonly PlainSample[]): SampleRun {
  const strings: string[] = [];
  const run = blankRun(samples.length, strings);
  for (const [row, { time, value, status }] of samples.entries()) {
    run.times[row] = time;
    run.statuses[row] = status;
    if (value === null) continue;
    run.kinds[row] = typeof value === 'string' ? ValueKind.string : ValueKind.number;
    run.values[row] = typeof value === 'string' ? strings.push(value) - 1 : value;
  }
  return run;
}
