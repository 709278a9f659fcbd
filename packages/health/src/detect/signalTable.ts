/** Signals side by side, one row per moment, and what makes them unfit to learn from. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';

export interface SignalTable {
  readonly names: readonly string[];
  /** Of equal length; NaN where there is no usable value. */
  readonly columns: readonly Float64Array[];
}

/** The rows of a table without those that miss a value, one after another: `values[row * width + column]`. */
export interface UsableRows {
  readonly names: readonly string[];
  readonly width: number;
  readonly count: number;
  readonly values: Float64Array;
}

/** Fewer rows than this say nothing about what is normal. */
export const FEWEST_ROWS = 20;

/** The rows with all values, or the column that stands in the way: twice named, of another length, empty or constant. */
export function usableRows(table: SignalTable, fewestRows = FEWEST_ROWS): Result<UsableRows> {
  const wrong = judgeShape(table) ?? judgeColumns(table);
  if (wrong) return wrong;
  const width = table.columns.length;
  const length = table.columns[0].length;
  const values = new Float64Array(length * width);
  let count = 0;
  for (let row = 0; row < length; row++) {
    let usable = true;
    for (let column = 0; column < width; column++) {
      const value = table.columns[column][row];
      usable &&= Number.isFinite(value);
      values[count * width + column] = value;
    }
    if (usable) count++;
  }
  if (count < fewestRows) {
    return failure('health.too-little', `${count} of ${length} rows have all values; ${fewestRows} are needed.`);
  }
  return success({ names: table.names, width, count, values: values.subarray(0, count * width) });
}

/** A table with rows `from` to `to` (exclusive), over the same memory. */
export function tableSlice(table: SignalTable, from: number, to: number): SignalTable {
  return { names: table.names, columns: table.columns.map((column) => column.subarray(from, to)) };
}

/** Leaves out the columns that never change or have no values, which nothing can be learnt from, and names them. */
export function varyingSignals(table: SignalTable): { readonly table: SignalTable; readonly leftOut: string[] } {
  const kept = table.columns.map((column) => isVarying(column));
  return {
    table: {
      names: table.names.filter((_, index) => kept[index]),
      columns: table.columns.filter((_, index) => kept[index]),
    },
    leftOut: table.names.filter((_, index) => !kept[index]),
  };
}

function judgeShape({ names, columns }: SignalTable) {
  if (columns.length === 0) return failure('health.too-little', 'There is no signal to learn from.');
  if (names.length !== columns.length) {
    return failure('health.bad-data', `${names.length} names for ${columns.length} columns.`);
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return failure('health.bad-data', `The name '${twice}' stands for two columns.`);
  const odd = columns.findIndex((column) => column.length !== columns[0].length);
  if (odd < 0) return undefined;
  return failure(
    'health.bad-data',
    `'${names[odd]}' has ${columns[odd].length} rows, '${names[0]}' ${columns[0].length}.`,
  );
}

function judgeColumns({ names, columns }: SignalTable) {
  for (const [index, column] of columns.entries()) {
    if (!column.some(Number.isFinite)) return failure('health.bad-data', `'${names[index]}' has no value at all.`);
    if (!isVarying(column)) return failure('health.too-little', `'${names[index]}' never changes; leave it out.`);
  }
  return undefined;
}

function isVarying(column: Float64Array): boolean {
  const first = column.find(Number.isFinite);
  return first !== undefined && column.some((value) => Number.isFinite(value) && value !== first);
}
