/** Points that are read one by one: those in no class, which the outstation leaves out when it is asked for everything. */

import { staticGroupOf } from './address.ts';
import { MAX_READ_OBJECTS, type ReadObject } from './application/request.ts';
import type { DatabasePoint } from './pointTable.ts';

/** Neighbours of one kind, in the order of their indices: one object header asks for all of them. */
export type PointRun = readonly DatabasePoint[];

/** The runs of `points`, in as few requests as they fit into. */
export function requestsOf(points: readonly DatabasePoint[]): (readonly PointRun[])[] {
  const sorted = points.toSorted((a, b) => a.kind - b.kind || a.index - b.index);
  const runs: DatabasePoint[][] = [];
  for (const point of sorted) {
    const last = runs.at(-1)?.at(-1);
    if (last?.kind === point.kind && point.index <= last.index + 1) runs[runs.length - 1].push(point);
    else runs.push([point]);
  }
  const count = Math.ceil(runs.length / MAX_READ_OBJECTS);
  return Array.from({ length: count }, (_, nth) => runs.slice(nth * MAX_READ_OBJECTS, (nth + 1) * MAX_READ_OBJECTS));
}

/** Variation 0 lets the outstation choose. */
export function readRun(run: PointRun): ReadObject {
  const [{ kind, index: first }] = run;
  return { group: staticGroupOf(kind), variation: 0, select: { first, last: run[run.length - 1].index } };
}
