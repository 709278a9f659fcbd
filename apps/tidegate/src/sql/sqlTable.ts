/** The rows of an SQL statement as a table for people: aligned, numbers to the right, and no wider than a screen bears. */

import { formatTimestamp, type Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { SqlAnswer, SqlColumn } from '../serverApi/answers.ts';

const MAX_CELL_WIDTH = 60;
const NUMBERS = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|UINTEGER|FLOAT|DOUBLE|DECIMAL.*)$/;
const TIMES = /^TIMESTAMP/;
const SEPARATOR = '  ';

/** Ends with the number of rows and how long it took. */
export function formatSqlTable({ columns, rows, truncated, elapsedMs }: SqlAnswer): string {
  const cells = columns.map(cellsOf);
  const widths = columns.map(({ name }, at) => Math.max(widthOf(name), ...cells[at].map(widthOf)));
  const line = (texts: readonly string[]) =>
    texts
      .map((text, at) => {
        const padding = ' '.repeat(widths[at] - widthOf(text));
        return NUMBERS.test(columns[at].type) ? padding + text : text + padding;
      })
      .join(SEPARATOR)
      .trimEnd();
  const lines = [
    line(columns.map(({ name }) => name)),
    widths.map((width) => '-'.repeat(width)).join(SEPARATOR),
    ...Array.from({ length: rows }, (_, row) => line(cells.map((column) => column[row]))),
  ];
  const count = `${rows} ${rows === 1 ? 'row' : 'rows'}${truncated ? ', and there are more (--limit)' : ''}`;
  return `${lines.join('\n')}\n\n${count}, ${Math.round(elapsedMs)} ms\n`;
}

function cellsOf({ type, values }: SqlColumn): string[] {
  return values.map((value) => {
    if (value === null) return '';
    if (TIMES.test(type) && typeof value === 'number') return formatTimestamp(value as Timestamp);
    return shortened(String(value).replaceAll(/\s+/g, ' '));
  });
}

function shortened(text: string): string {
  const characters = [...text];
  return characters.length <= MAX_CELL_WIDTH ? text : `${characters.slice(0, MAX_CELL_WIDTH - 1).join('')}…`;
}

/** In characters: an emoji of two units of UTF-16 is one. */
function widthOf(text: string): number {
  return [...text].length;
}
