/** Makes one run of several that follow each other in time. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { blankRun, type SampleRun } from './sampleRun.ts';

/** The samples of `runs` one behind the other, in memory of their own; when they were received where each run tells it. */
export function joinRuns(runs: readonly SampleRun[]): SampleRun {
  const count = runs.reduce((sum, { times }) => sum + times.length, 0);
  const strings: string[] = [];
  const received = runs.every((run) => run.received) ? new Float64Array(count) : undefined;
  const joined = { ...blankRun(count, strings), received };
  let at = 0;
  for (const run of runs) {
    joined.times.set(run.times, at);
    joined.values.set(run.values, at);
    joined.kinds.set(run.kinds, at);
    joined.statuses.set(run.statuses, at);
    if (run.received) received?.set(run.received, at);
    const end = at + run.times.length;
    if (run.strings.length > 0) shiftTexts(joined, at, end, strings.length);
    for (const text of run.strings) strings.push(text);
    at = end;
  }
  return joined;
}

/** The texts of a run come to stand behind those of the runs before. */
function shiftTexts({ kinds, values }: SampleRun, from: number, to: number, shift: number): void {
  if (shift === 0) return;
  for (let row = from; row < to; row++) if (kinds[row] === ValueKind.string) values[row] += shift;
}
