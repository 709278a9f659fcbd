/** Runs as rows that a test can write down and compare. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { blankRun, type SampleRun, valueAt } from '../../sampleRun.ts';
import type { Row } from './slowHistory.ts';

export function runOf(rows: readonly Row[]): SampleRun {
  const strings = [...new Set(rows.flatMap(([, value]) => (typeof value === 'string' ? [value] : [])))];
  const run = blankRun(rows.length, strings);
  for (const [at, [time, value, status]] of rows.entries()) {
    run.times[at] = time;
    run.statuses[at] = status;
    if (typeof value === 'string') {
      run.kinds[at] = ValueKind.string;
      run.values[at] = strings.indexOf(value);
    } else if (value !== null) {
      run.kinds[at] = ValueKind.number;
      run.values[at] = value;
    }
  }
  return run;
}

export function rowsOf(run: SampleRun): Row[] {
  return Array.from(run.times, (time, at) => [time, valueAt(run, at), run.statuses[at]]);
}
