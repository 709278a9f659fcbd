/** The history of one tag as a list of values that is gone through from its beginning for each question: slow and plain. */

import type { SampleValue } from '@tidegate/core/sample/sample.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import type { EditKind } from '../edit.ts';

/** A sample as [time, value, status]. */
export type Row = readonly [time: number, value: SampleValue, status: number];

/** Something that happened to the tag, in the order in which it was recorded. */
export type Happening =
  | { readonly at: number; readonly kind: 'arrive'; readonly rows: readonly Row[] }
  | { readonly at: number; readonly kind: 'insert' | 'replace' | 'update'; readonly rows: readonly Row[] }
  | { readonly at: number; readonly kind: 'delete'; readonly start: number; readonly end: number }
  | { readonly at: number; readonly kind: 'delete'; readonly times: readonly number[] };

/** A modified value: [time, value, status, what was done to it, when]. */
export type ModifiedRow = readonly [...Row, type: EditKind, at: number];

export interface KnownHistory {
  readonly visible: readonly Row[];
  readonly modified: readonly ModifiedRow[];
  /** What became of the samples of the last happening. */
  readonly results: readonly number[];
}

const EXTRA_DATA = 0x0408;

/** What was known of the tag when the last of `happenings` had happened. */
export function knownAfter(happenings: readonly Happening[]): KnownHistory {
  let visible: Row[] = [];
  let results: number[] = [];
  const modified: ModifiedRow[] = [];
  const hide = (isHidden: (row: Row) => boolean, type: EditKind, at: number): boolean => {
    const hidden = visible.filter(isHidden);
    for (const row of hidden) modified.push([...row, type, at]);
    visible = visible.filter((row) => !isHidden(row));
    return hidden.length > 0;
  };
  for (const happening of happenings) {
    const { at, kind } = happening;
    results = [];
    if (kind === 'arrive') visible.push(...happening.rows);
    else if (kind !== 'delete') {
      const write = (row: Row): number => {
        const exists = visible.some(([time]) => time === row[0]);
        if (kind === 'insert' && exists) return STATUS.BadEntryExists;
        if (kind === 'replace' && !exists) return STATUS.BadNoEntryExists;
        if (exists) hide(([time]) => time === row[0], kind, at);
        else modified.push([...row, 'insert', at]);
        visible.push(row);
        return exists ? STATUS.GoodEntryReplaced : STATUS.GoodEntryInserted;
      };
      results = happening.rows.map(write);
    } else if ('times' in happening) {
      const there = new Set(visible.map(([time]) => time));
      results = happening.times.map((time) => (there.has(time) ? STATUS.Good : STATUS.BadNoEntryExists));
      hide(([time]) => happening.times.includes(time), kind, at);
    } else {
      const end = happening.end === happening.start ? happening.start + 1 : happening.end;
      const isHidden = ([time]: Row) => time >= happening.start && time < end;
      results = [hide(isHidden, kind, at) ? STATUS.Good : STATUS.BadNoData];
    }
  }
  const touched = new Set(modified.map(([time]) => time));
  const flagged = visible.map(([time, value, status]): Row => {
    return [time, value, touched.has(time) ? ((status & ~0x0c00) | EXTRA_DATA) >>> 0 : status];
  });
  const byTime = (a: readonly [number, ...unknown[]], b: readonly [number, ...unknown[]]) => a[0] - b[0];
  return { visible: flagged.sort(byTime), modified: modified.sort(byTime), results };
}
