/** The stretches of a window in which a tag was not good, for the shading behind its line. */

import { type Severity, severityOf } from '@tidegate/core/sample/statusCode.ts';
import type { SampleSeries } from './sampleSeries.ts';

export interface QualityRun {
  readonly severity: Exclude<Severity, 'good'>;
  readonly from: number;
  readonly to: number;
}

/**
 * A status holds from its sample to the next one, the last one until `until` (now, or the end of what is known). Runs
 * are cut to `start` and `end`; all times in microseconds.
 */
export function qualityRuns(series: SampleSeries, start: number, end: number, until: number): QualityRun[] {
  const runs: QualityRun[] = [];
  let severity: Severity = 'good';
  let from = start;
  const close = (to: number) => {
    if (severity !== 'good' && to > from) runs.push({ severity, from, to });
  };
  let place = Math.max(0, series.lowerBound(start) - 1);
  for (; place < series.length && series.timeAt(place) < end; place++) {
    const next = severityOf(series.statusAt(place));
    if (next === severity) continue;
    const time = Math.max(start, series.timeAt(place));
    close(time);
    severity = next;
    from = time;
  }
  close(Math.min(end, place < series.length ? end : until));
  return runs;
}
