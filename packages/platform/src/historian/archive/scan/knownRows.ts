/** Leaves out of a run what had not been received yet. */

import { blankRun, type SampleRun, sliceRun } from '../sampleRun.ts';

/** The samples of `run`, which carries when each was received, that were received before `time`. */
export function knownRows(run: SampleRun, time: number): SampleRun {
  const { times, values, kinds, statuses, strings, received } = run;
  if (!received || received.every((at) => at < time)) return run;
  const known = { ...blankRun(times.length, strings), received: new Float64Array(times.length) };
  let count = 0;
  for (let row = 0; row < times.length; row++) {
    if (received[row] >= time) continue;
    known.times[count] = times[row];
    known.values[count] = values[row];
    known.kinds[count] = kinds[row];
    known.statuses[count] = statuses[row];
    known.received[count++] = received[row];
  }
  return sliceRun(known, 0, count);
}
