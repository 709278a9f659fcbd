/** Reads of points one by one, for those that are in no class: the outstation leaves them out when it is asked for everything. */

import { staticGroupOf } from './address.ts';
import type { PointKind } from './application/objectSink.ts';
import { MAX_READ_OBJECTS, type ReadObject } from './application/request.ts';

interface Place {
  readonly kind: PointKind;
  readonly index: number;
}

/** One list of objects for each request; neighbours are asked for together. Variation 0 lets the outstation choose. */
export function readsOf(points: readonly Place[]): (readonly ReadObject[])[] {
  const places = points.toSorted((a, b) => a.kind - b.kind || a.index - b.index);
  const ranges: { kind: PointKind; first: number; last: number }[] = [];
  for (const { kind, index } of places) {
    const range = ranges.at(-1);
    if (range?.kind === kind && index <= range.last + 1) range.last = index;
    else ranges.push({ kind, first: index, last: index });
  }
  const objects = ranges.map(({ kind, first, last }): ReadObject => {
    return { group: staticGroupOf(kind), variation: 0, select: { first, last } };
  });
  const requests = Math.ceil(objects.length / MAX_READ_OBJECTS);
  return Array.from({ length: requests }, (_, nth) =>
    objects.slice(nth * MAX_READ_OBJECTS, (nth + 1) * MAX_READ_OBJECTS),
  );
}
