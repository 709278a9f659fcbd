/** Samples of tags as rows of SQL: the columns that every history function gives. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { type SampleRun, sliceRun } from '../../historian/archive/sampleRun.ts';
import type { StoredTag } from '../../historian/ingest/storedTag.ts';
import type { ColumnShape, ColumnTable } from '../../historian/lake/columns/columnTable.ts';

export interface TagRun {
  readonly tag: StoredTag;
  readonly run: SampleRun;
}

/** As in `history`: `value` is null where there is none or where it is a text, `text` where it is no text. */
export const TAG_RUN_COLUMNS: readonly ColumnShape[] = [
  { name: 'tag', type: 'INTEGER' },
  { name: 'path', type: 'VARCHAR' },
  { name: 'time', type: 'TIMESTAMP' },
  { name: 'value', type: 'DOUBLE' },
  { name: 'text', type: 'VARCHAR' },
  { name: 'status', type: 'UINTEGER' },
];

/** A table of so many rows is made and sent in a few milliseconds. */
const PIECE_ROWS = 32_768;

/** The same samples in lists of at most `PIECE_ROWS`. */
export function* piecesOf(runs: readonly TagRun[]): Generator<readonly TagRun[]> {
  let piece: TagRun[] = [];
  let room = PIECE_ROWS;
  for (const { tag, run } of runs) {
    for (let from = 0; from < run.times.length; ) {
      const to = Math.min(run.times.length, from + room);
      piece.push({ tag, run: sliceRun(run, from, to) });
      room -= to - from;
      from = to;
      if (room > 0) continue;
      yield piece;
      piece = [];
      room = PIECE_ROWS;
    }
  }
  if (piece.length > 0) yield piece;
}

export function tagRunTable(runs: readonly TagRun[]): ColumnTable {
  const rows = runs.reduce((sum, { run }) => sum + run.times.length, 0);
  const tags = new Int32Array(rows);
  const paths = new Uint32Array(rows);
  const times = new Float64Array(rows);
  const values = new Float64Array(rows);
  const valueNulls = new Uint8Array(rows);
  const texts = new Uint32Array(rows);
  const textNulls = new Uint8Array(rows).fill(1);
  const statuses = new Uint32Array(rows);
  const strings: string[] = [];
  let at = 0;
  runs.forEach(({ tag, run }, index) => {
    const count = run.times.length;
    tags.fill(tag.index, at, at + count);
    paths.fill(index, at, at + count);
    times.set(run.times, at);
    values.set(run.values, at);
    statuses.set(run.statuses, at);
    const firstString = strings.length;
    for (const text of run.strings) strings.push(text);
    for (let row = 0; row < count; row++) {
      const kind = run.kinds[row];
      if (kind === ValueKind.number) continue;
      valueNulls[at + row] = 1;
      if (kind !== ValueKind.string) continue;
      textNulls[at + row] = 0;
      texts[at + row] = firstString + run.values[row];
    }
    at += count;
  });
  return {
    rows,
    columns: [
      { values: tags },
      { values: paths, strings: runs.map(({ tag }) => tag.path) },
      { values: times },
      { values, nulls: valueNulls },
      { values: texts, strings, nulls: textNulls },
      { values: statuses },
    ],
  };
}
