/** What a time window comes to at given times, from the samples of its tag. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { blankRun, type SampleRun } from '../../archive/sampleRun.ts';
import type { TimeWindow } from './timeWindow.ts';
import { type WindowReading, WindowSegments } from './windowSegments.ts';

const UNCERTAIN = 0x40000000;
const BAD = 0x80000000;

/** `run` begins with the sample that holds at the first of `times`, which ascend, less the width of the window. */
export function windowColumn(run: SampleRun, times: Float64Array, window: TimeWindow): SampleRun {
  const column = blankRun(times.length);
  column.times.set(times);
  const segments = new WindowSegments(window.widthUs);
  const reading: WindowReading = { value: 0, status: 0 };
  let next = 0;
  for (let row = 0; row < times.length; row++) {
    for (; next < run.times.length && run.times[next] <= times[row]; next++) {
      segments.add(
        run.times[next],
        usableNumber(run.kinds[next], run.values[next], run.statuses[next]),
        isUncertain(run.statuses[next]),
      );
    }
    segments.read(window.aggregate, times[row], reading);
    column.statuses[row] = reading.status;
    if (reading.status >= BAD) continue;
    column.kinds[row] = ValueKind.number;
    column.values[row] = reading.value;
  }
  return column;
}

/** NaN where a sample has no number to reckon with. */
export function usableNumber(kind: number, value: number, status: number): number {
  return kind === ValueKind.number && status < BAD && Number.isFinite(value) ? value : Number.NaN;
}

export function isUncertain(status: number): boolean {
  return status >= UNCERTAIN && status < BAD;
}
