/** Draws a run as a line of pixels wide columns, slowly and plainly: the judge of whether two runs give one picture. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { severityOf } from '@tidegate/core/sample/statusCode.ts';
import type { SampleRun } from '../../../archive/sampleRun.ts';
import { pixelIntervals } from '../pixelIntervals.ts';

/** What is seen in one column of pixels; without ink `low` is infinite. */
export interface PixelColumn {
  low: number;
  high: number;
  hasGap: boolean;
}

export function rasterise(
  run: SampleRun,
  start: number,
  end: number,
  width: number,
  isStepped: boolean,
): PixelColumn[] {
  const { edges, at } = pixelIntervals(start, end, width);
  const columns = Array.from({ length: width }, () => ({ low: Infinity, high: -Infinity, hasGap: false }));
  const ink = (column: number, value: number) => {
    columns[column].low = Math.min(columns[column].low, value);
    columns[column].high = Math.max(columns[column].high, value);
  };
  const line = (t0: number, v0: number, t1: number, v1: number) => {
    for (const [column, drawn] of columns.keys().map((key) => [key, edges[key] < t1 && edges[key + 1] > t0] as const)) {
      if (!drawn) continue;
      for (const time of [Math.max(t0, edges[column]), Math.min(t1, edges[column + 1])]) {
        ink(column, time === t1 ? v1 : v0 + ((v1 - v0) / (t1 - t0)) * (time - t0));
      }
    }
  };
  for (const [row, time] of run.times.entries()) {
    const isInside = time >= start && time < end;
    if (!isDrawn(run, row)) {
      if (isInside) columns[at(time)].hasGap = true;
      continue;
    }
    if (isInside) ink(at(time), run.values[row]);
    if (row + 1 === run.times.length) continue;
    const isJoined = isDrawn(run, row + 1);
    const [value, next, until] = [run.values[row], run.values[row + 1], run.times[row + 1]];
    if (isStepped) line(time, value, until, value);
    else if (isJoined) line(time, value, until, next);
  }
  return columns;
}

function isDrawn({ kinds, values, statuses }: SampleRun, row: number): boolean {
  return kinds[row] === ValueKind.number && Number.isFinite(values[row]) && severityOf(statuses[row]) !== 'bad';
}
