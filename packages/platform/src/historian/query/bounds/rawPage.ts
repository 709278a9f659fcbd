/** The samples of a raw request in its order, with their bounding values (OPC 10000-11 v1.05, 4.6 and 6.5.3.2, Table 1). */

import { US_PER_S } from '@tidegate/core/clock/timestamp.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { blankRun, type SampleRun, valueAt } from '../../archive/sampleRun.ts';
import type { RawRange } from './rawRange.ts';

export interface RawPage {
  /** In the order of the request: of one that goes backwards the times descend. None means GoodNoData. */
  readonly samples: SampleRun;
  /** There are more than the limit allows: the next page begins behind the last of these. */
  readonly hasMore: boolean;
}

/** What the archive has for a range; `before` and `after` hold one sample each, or none. */
export interface RawFindings {
  readonly inside: SampleRun;
  readonly before: SampleRun;
  readonly after: SampleRun;
}

/** One sample of a run, or the lack of one at `missingAt`. */
interface Entry {
  readonly run: SampleRun;
  readonly row: number;
  readonly missingAt?: number;
}

export function rawPage(range: RawRange, findings: RawFindings): RawPage {
  const { request, isReversed } = range;
  const { inside } = findings;
  const entries: Entry[] = [];
  const begin = isReversed ? 'after' : 'before';
  const far = isReversed ? 'before' : 'after';
  if (request.returnBounds && request.continuesBehind === undefined) pushBound(entries, range, findings, begin);
  const count = inside.times.length;
  for (let at = 0; at < count; at++) entries.push({ run: inside, row: isReversed ? count - 1 - at : at });
  if (request.returnBounds) pushBound(entries, range, findings, far);
  const hasMore = request.limit > 0 && entries.length > request.limit;
  return { samples: gather(hasMore ? entries.slice(0, request.limit) : entries), hasMore };
}

/** The bounding value on one side, unless a sample lies at the very end and so is one. */
function pushBound(
  entries: Entry[],
  range: RawRange,
  { inside, before, after }: RawFindings,
  side: 'before' | 'after',
) {
  const { low, high, request } = range;
  const { times } = inside;
  const isMoment = request.start === request.end;
  const isEarly = side === 'before';
  const outside = isEarly ? before : after;
  const end = isEarly ? low : high;
  const atEnd = times.length > 0 && (isEarly ? times[0] : times[times.length - 1]) === end;
  // A moment cannot be both ends at once: its sample is the beginning, and the end lies behind it.
  if (atEnd && !(isMoment && !isEarly)) return;
  if (outside.times.length > 0) entries.push({ run: outside, row: 0 });
  else entries.push({ run: outside, row: 0, missingAt: missingTime(range, times, side) });
}

/** The end of the range or, where it is open on that side, a second beyond the last sample that it has. */
function missingTime({ request, low, high }: RawRange, times: Float64Array, side: 'before' | 'after'): number {
  const { start, end, continuesBehind } = request;
  if (side === 'before') {
    if (start !== undefined) return low;
    const earliest = times.length > 0 ? times[0] : continuesBehind;
    return earliest === undefined || earliest > (end as number) ? (end as number) : earliest - US_PER_S;
  }
  if (end !== undefined) return high;
  const latest = times.length > 0 ? times[times.length - 1] : continuesBehind;
  return latest === undefined || latest < (start as number) ? (start as number) : latest + US_PER_S;
}

function gather(entries: readonly Entry[]): SampleRun {
  const strings: string[] = [];
  const samples = blankRun(entries.length, strings);
  for (const [at, { run, row, missingAt }] of entries.entries()) {
    if (missingAt !== undefined) {
      samples.times[at] = missingAt;
      samples.statuses[at] = STATUS.BadBoundNotFound;
      continue;
    }
    samples.times[at] = run.times[row];
    samples.kinds[at] = run.kinds[row];
    samples.statuses[at] = run.statuses[row];
    const value = valueAt(run, row);
    samples.values[at] = typeof value === 'string' ? strings.push(value) - 1 : run.values[row];
  }
  return samples;
}
