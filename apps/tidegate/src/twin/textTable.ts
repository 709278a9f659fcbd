/** Rows of text in columns that stand below each other. */

/** The first row is the head. Columns in `toRight`, by place, are numbers. Ends with a line feed. */
export function textTable(rows: readonly (readonly string[])[], toRight: ReadonlySet<number> = new Set()): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const cell = (text: string, column: number) =>
    toRight.has(column) ? text.padStart(widths[column]) : text.padEnd(widths[column]);
  return rows.map((row) => `${row.map(cell).join('  ').trimEnd()}\n`).join('');
}

/** At most five digits that mean something; `-` for nothing. */
export function shortNumber(value: number | null): string {
  return value === null ? '-' : String(Number(value.toPrecision(5)));
}
