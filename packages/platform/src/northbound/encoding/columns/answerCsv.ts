/** Answers in columns as CSV (RFC 4180): what a spreadsheet opens and a script reads. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { formatTimestamp, type Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { statusName } from '@tidegate/core/sample/statusCode.ts';
import { type AnswerColumn, type ColumnAnswer, dateText } from './columnAnswer.ts';

const ROWS_PER_PIECE = 2_048;
const NEEDS_QUOTES = /[",\r\n]/;

/**
 * A header, then one line for each row of each series. Times are RFC 3339 in UTC, statuses names. No value is an empty
 * field, and a text that is empty a quoted one, so that the two can be told apart.
 */
export function* answerCsv({ series }: ColumnAnswer): Generator<string> {
  if (series.length === 0) return;
  yield `${[...series[0].labels, ...series[0].columns].map(({ name }) => textField(name)).join(',')}\r\n`;
  for (const { labels, columns, rows } of series) {
    const label = labels.map(({ value }) => `${textField(String(value))},`).join('');
    const write = columns.map(writerOf);
    let piece = '';
    for (let row = 0; row < rows; row++) {
      piece += `${label}${write.map((field) => field(row)).join(',')}\r\n`;
      if ((row + 1) % ROWS_PER_PIECE > 0) continue;
      yield piece;
      piece = '';
    }
    if (piece !== '') yield piece;
  }
}

function writerOf(column: AnswerColumn): (row: number) => string {
  switch (column.kind) {
    case 'text':
      return (row) => textField(column.values[row]);
    case 'flag':
      return (row) => (column.nulls?.[row] === 1 ? '' : String(column.values[row] === 1));
    case 'integer':
      return (row) => (column.nulls?.[row] === 1 ? '' : String(column.values[row]));
    case 'date':
      return (row) => dateText(column.values[row]) ?? '';
    case 'status':
      return (row) => statusName(column.values[row]);
    case 'time':
      return (row) => (Number.isNaN(column.values[row]) ? '' : formatTimestamp(column.values[row] as Timestamp));
    case 'count':
      return (row) => String(column.values[row]);
    case 'number':
      return (row) => (Number.isNaN(column.values[row]) ? '' : String(column.values[row]));
    case 'value': {
      const { values, kinds, strings } = column.values;
      return (row) => {
        if (kinds[row] === ValueKind.none) return '';
        return kinds[row] === ValueKind.string ? textField(strings[values[row]]) : String(values[row]);
      };
    }
  }
}

function textField(text: string | null): string {
  if (text === null) return '';
  return text === '' || NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
