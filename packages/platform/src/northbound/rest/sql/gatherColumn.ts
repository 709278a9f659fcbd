/** One column of an answer from the batches in which its rows have come. */

import type { Column, ColumnTable } from '../../../historian/lake/columns/columnTable.ts';
import type { AnswerKind } from '../../../historian/lake/columns/vectorColumns.ts';
import type { AnswerColumn } from '../../encoding/columns/columnAnswer.ts';

type Gathered<C = AnswerColumn> = C extends unknown ? Omit<C, 'name' | 'many'> : never;

/** Column number `at` of each batch, `rows` rows in all. */
export function gatherColumn(kind: AnswerKind, batches: readonly ColumnTable[], at: number, rows: number): Gathered {
  switch (kind) {
    case 'text':
      return { kind, values: batches.flatMap(({ rows, columns }) => textsOf(columns[at], rows)) };
    case 'integer':
      return { kind, ...filled(new BigInt64Array(rows), batches, at) };
    case 'boolean':
      return { kind: 'flag', ...filled(new Uint8Array(rows), batches, at) };
    default: {
      const { values, nulls } = filled(new Float64Array(rows), batches, at);
      for (let row = 0; row < rows; row++) if (nulls[row] === 1) values[row] = Number.NaN;
      return { kind, values };
    }
  }
}

function filled<T extends Float64Array | BigInt64Array | Uint8Array>(
  values: T,
  batches: readonly ColumnTable[],
  at: number,
): { readonly values: T; readonly nulls: Uint8Array } {
  const nulls = new Uint8Array(values.length);
  let from = 0;
  for (const { rows, columns } of batches) {
    const column = columns[at];
    values.set(column.values.subarray(0, rows) as never, from);
    if (column.nulls) nulls.set(column.nulls.subarray(0, rows), from);
    from += rows;
  }
  return { values, nulls };
}

function textsOf({ values, strings = [], nulls }: Column, rows: number): (string | null)[] {
  return Array.from({ length: rows }, (_, row) => (nulls?.[row] === 1 ? null : strings[Number(values[row])]));
}
