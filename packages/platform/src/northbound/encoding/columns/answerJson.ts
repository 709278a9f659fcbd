/** Answers in columns as JSON, in pieces, so that a large one is neither built nor compressed as a whole. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { jsonValue } from '../sampleJson.ts';
import { type AnswerColumn, type AnswerSeries, type ColumnAnswer, dateText } from './columnAnswer.ts';

const ROWS_PER_PIECE = 8_192;

export function* answerJson({ start, end, series, next, warnings }: ColumnAnswer): Generator<string> {
  yield `{"start":${start},"end":${end},"series":[`;
  for (const [at, one] of series.entries()) {
    if (at > 0) yield ',';
    yield* seriesJson(one);
  }
  yield `],"next":${JSON.stringify(next)},"warnings":${JSON.stringify(warnings)}}`;
}

/** One series as an object of its facts and columns. */
export function* seriesJson({ facts, columns, rows }: AnswerSeries): Generator<string> {
  const head = JSON.stringify(facts).slice(1, -1);
  yield `{${head}`;
  for (const [at, column] of columns.entries()) {
    yield `${at === 0 && head === '' ? '' : ','}"${column.many}":[`;
    yield* cellsJson(column, rows);
    yield ']';
  }
  yield '}';
}

/** What stands between the brackets of a column. */
export function* cellsJson(column: AnswerColumn, rows: number): Generator<string> {
  for (let from = 0; from < rows; from += ROWS_PER_PIECE) {
    const part = JSON.stringify(cells(column, from, Math.min(rows, from + ROWS_PER_PIECE))).slice(1, -1);
    yield from === 0 ? part : `,${part}`;
  }
}

/** As a text where a reader's doubles could not hold it. */
function integerJson(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

/** `JSON.stringify` writes NaN as null. */
function cells(column: AnswerColumn, from: number, to: number): unknown[] {
  switch (column.kind) {
    case 'text':
      return column.values.slice(from, to);
    case 'flag':
      return Array.from(column.values.subarray(from, to), (flag, at) =>
        column.nulls?.[from + at] === 1 ? null : flag === 1,
      );
    case 'integer':
      return Array.from(column.values.subarray(from, to), (value, at) =>
        column.nulls?.[from + at] === 1 ? null : integerJson(value),
      );
    case 'date':
      return Array.from(column.values.subarray(from, to), dateText);
    case 'value': {
      const { values, kinds, strings } = column.values;
      const part = new Array<unknown>(to - from);
      for (let row = from; row < to; row++) {
        if (kinds[row] === ValueKind.none) part[row - from] = null;
        else part[row - from] = kinds[row] === ValueKind.string ? strings[values[row]] : jsonValue(values[row]);
      }
      return part;
    }
    default:
      return Array.from(column.values.subarray(from, to));
  }
}
