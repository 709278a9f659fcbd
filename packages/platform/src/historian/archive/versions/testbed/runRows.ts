/** Runs as rows that a test can write down and compare. */

import { runOf as columnsOf, type SampleRun, valueAt } from '../../sampleRun.ts';
import type { Row } from './slowHistory.ts';

export function runOf(rows: readonly Row[]): SampleRun {
  return columnsOf(rows.map(([time, value, status]) => ({ time, value, status })));
}

export function rowsOf(run: SampleRun): Row[] {
  return Array.from(run.times, (time, at) => [time, valueAt(run, at), run.statuses[at]]);
}
