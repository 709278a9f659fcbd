/** From conditions over time to spans of time: the bare event frames of one asset and template. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import type { SampleRun } from '../../historian/archive/sampleRun.ts';

export interface FrameSpan {
  /** µs; `end` is `undefined` while it goes on. */
  readonly start: number;
  readonly end: number | undefined;
  /** Whether the condition was bad or uncertain somewhere in it, or at its edges: then it may have begun or ended elsewhere. */
  readonly uncertain: boolean;
}

const UNCERTAIN = 0x40000000;
const BAD = 0x80000000;

/**
 * Spans within what the conditions cover, each at the time of the sample that made it. `begins` and `ends` are conditions by
 * time (1 or 0, strictly ascending, held until the next); without `ends` a span ends when `begins` is false, and one that is
 * true in the first row begins there. With `ends` a span begins when `begins` becomes true, so the first row only says how it
 * stood. Where a condition is bad nothing begins and nothing ends, and the span that goes on is uncertain. A span that is open
 * at the last sample goes on; a pause shorter than `bridgeUs` ends none. `before` is a span that is known to go on, or to pause
 * for less than that, at the first row: then it is the first of the spans.
 */
export function deriveSpans(
  begins: SampleRun,
  ends: SampleRun | undefined,
  bridgeUs: number,
  before?: FrameSpan,
): FrameSpan[] {
  const first = before && { start: before.start, uncertain: before.uncertain };
  if (ends) return bridged(spansBetween(begins, ends, first), bridgeUs);
  const spans = spansWhile(begins);
  return bridged(first && spans.length > 0 ? [{ ...spans[0], ...first }, ...spans.slice(1)] : spans, bridgeUs);
}

/** Whether a span has lasted for `leastUs` by `now` (µs). */
export function hasLasted({ start, end }: FrameSpan, leastUs: number, now: number): boolean {
  return (end ?? now) - start >= leastUs;
}

interface OpenSpan {
  readonly start: number;
  readonly uncertain: boolean;
}

type Truth = 'true' | 'false' | 'unknown';

function truthAt({ kinds, values, statuses }: SampleRun, row: number): Truth {
  if (statuses[row] >= BAD || kinds[row] !== ValueKind.number) return 'unknown';
  return values[row] === 0 ? 'false' : 'true';
}

function spansWhile(condition: SampleRun): FrameSpan[] {
  const spans: FrameSpan[] = [];
  let open: OpenSpan | undefined;
  let afterUnknown = false;
  for (let row = 0; row < condition.times.length; row++) {
    const truth = truthAt(condition, row);
    const isDoubtful = truth === 'unknown' || condition.statuses[row] >= UNCERTAIN;
    if (open && truth === 'false') {
      spans.push({ start: open.start, end: condition.times[row], uncertain: open.uncertain || isDoubtful });
      open = undefined;
    } else if (open) open = { start: open.start, uncertain: open.uncertain || isDoubtful };
    else if (truth === 'true') open = { start: condition.times[row], uncertain: isDoubtful || afterUnknown };
    afterUnknown = truth === 'unknown';
  }
  if (open) spans.push({ ...open, end: undefined });
  return spans;
}

/** A span begins where `begins` becomes true and none is open, and ends where `ends` becomes true after that. */
function spansBetween(begins: SampleRun, ends: SampleRun, first: OpenSpan | undefined): FrameSpan[] {
  const moments = [...edges(begins, 'begin'), ...edges(ends, 'end')].sort(
    (a, b) => a.time - b.time || (a.what === 'end' ? -1 : 1),
  );
  const spans: FrameSpan[] = [];
  let open = first;
  for (const { time, what, uncertain } of moments) {
    if (what === 'begin') open ??= { start: time, uncertain };
    else if (open) {
      spans.push({ start: open.start, end: time, uncertain: open.uncertain || uncertain });
      open = undefined;
    }
  }
  if (open) spans.push({ ...open, end: undefined });
  return spans;
}

interface Edge {
  readonly time: number;
  readonly what: 'begin' | 'end';
  readonly uncertain: boolean;
}

function edges(condition: SampleRun, what: Edge['what']): Edge[] {
  const found: Edge[] = [];
  let last: Truth | undefined;
  let afterUnknown = false;
  for (let row = 0; row < condition.times.length; row++) {
    const truth = truthAt(condition, row);
    if (truth === 'true' && last === 'false') {
      const uncertain = afterUnknown || condition.statuses[row] >= UNCERTAIN;
      found.push({ time: condition.times[row], what, uncertain });
    }
    afterUnknown = truth === 'unknown';
    if (truth !== 'unknown') last = truth;
    else last ??= 'false';
  }
  return found;
}

function bridged(spans: readonly FrameSpan[], bridgeUs: number): FrameSpan[] {
  const joined: FrameSpan[] = [];
  for (const span of spans) {
    const last = joined.at(-1);
    if (last?.end !== undefined && span.start - last.end < bridgeUs) {
      joined[joined.length - 1] = { start: last.start, end: span.end, uncertain: last.uncertain || span.uncertain };
    } else joined.push(span);
  }
  return joined;
}
