/** Which of the frames that were there a frame is that was derived again, so that what people wrote about it stays with it. */

import type { FrameSpan } from './deriveSpans.ts';

/** A frame that is known under a name of its own. */
export interface KnownSpan extends FrameSpan {
  readonly id: string;
}

export interface SpanMatch {
  /** For each derived span the frame that it is, or `undefined` for one that is new; in the order of the spans. */
  readonly ids: readonly (string | undefined)[];
  /** Known frames that are no more. */
  readonly gone: readonly KnownSpan[];
}

/**
 * Each derived span is the known one that it shares most time with; a span that has no known one left is new. Where late data
 * split a frame the larger part keeps its name, and where it joined two the one that shares more. Both lists are in the order
 * of time, and those of one list do not overlap.
 */
export function matchSpans(known: readonly KnownSpan[], derived: readonly FrameSpan[]): SpanMatch {
  const pairs: { known: number; derived: number; shared: number }[] = [];
  let first = 0;
  for (const [at, span] of derived.entries()) {
    while (first < known.length && endOf(known[first]) < span.start) first++;
    for (let other = first; other < known.length && known[other].start <= endOf(span); other++) {
      pairs.push({ known: other, derived: at, shared: sharedUs(known[other], span) });
    }
  }
  pairs.sort((a, b) => b.shared - a.shared || a.derived - b.derived);
  const ids = new Array<string | undefined>(derived.length).fill(undefined);
  const taken = new Set<number>();
  for (const pair of pairs) {
    if (ids[pair.derived] !== undefined || taken.has(pair.known)) continue;
    ids[pair.derived] = known[pair.known].id;
    taken.add(pair.known);
  }
  return { ids, gone: known.filter((_, at) => !taken.has(at)) };
}

function endOf({ end = Number.POSITIVE_INFINITY }: FrameSpan): number {
  return end;
}

function sharedUs(a: FrameSpan, b: FrameSpan): number {
  return Math.min(endOf(a), endOf(b)) - Math.max(a.start, b.start);
}
