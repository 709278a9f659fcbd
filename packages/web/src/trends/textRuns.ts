/** The stretches in which a tag of texts said the same, for the bar that shows them. */

import type { SampleSeries } from './sampleSeries.ts';
import { isDrawn } from './traceLine.ts';

export interface TextRun {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** A text holds until the next sample, the last one until `until`; runs are cut to `start` and `end`, in microseconds. */
export function textRuns(series: SampleSeries, start: number, end: number, until: number): TextRun[] {
  const runs: TextRun[] = [];
  let text: string | undefined;
  let from = start;
  const close = (to: number) => {
    if (text !== undefined && to > from) runs.push({ text, from, to });
  };
  let place = Math.max(0, series.lowerBound(start) - 1);
  for (; place < series.length && series.timeAt(place) < end; place++) {
    const next = isDrawn(series, place) ? series.text(series.valueAt(place)) : undefined;
    if (next === text) continue;
    const time = Math.max(start, series.timeAt(place));
    close(time);
    text = next;
    from = time;
  }
  close(Math.min(end, place < series.length ? end : until));
  return runs;
}
