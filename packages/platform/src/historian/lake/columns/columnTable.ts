/** Rows as columns of typed arrays: how answers, tables and samples travel between this process and DuckDB's. */

/** The SQL types that a table fed into DuckDB may have. */
export type FedType = 'BOOLEAN' | 'DOUBLE' | 'INTEGER' | 'TIMESTAMP' | 'UINTEGER' | 'VARCHAR';

export interface ColumnShape {
  readonly name: string;
  readonly type: FedType;
}

export type ColumnValues = Float64Array | BigInt64Array | Uint32Array | Int32Array | Uint8Array;

/** Values of one column; what stands in a row without a value means nothing. */
export interface Column {
  /**
   * Numbers as they are, booleans as 0 and 1, points in time as microseconds since 1970 UTC, and text as indexes into
   * `strings`.
   */
  readonly values: ColumnValues;
  readonly strings?: readonly string[];
  /** One byte for each row, 1 where it has no value; absent where every row has one. */
  readonly nulls?: Uint8Array;
}

/** `rows` rows; a column may be longer, what lies beyond is scratch space. */
export interface ColumnTable {
  readonly rows: number;
  readonly columns: readonly Column[];
}

/** A column of text; a string that repeats the one before it is kept once. */
export function textColumn(texts: Iterable<string | null | undefined>, rows: number): Column {
  const values = new Uint32Array(rows);
  const strings: string[] = [];
  let nulls: Uint8Array | undefined;
  let row = 0;
  for (const text of texts) {
    if (text === null || text === undefined) {
      nulls ??= new Uint8Array(rows);
      nulls[row] = 1;
    } else if (strings.length === 0 || strings[strings.length - 1] !== text) {
      strings.push(text);
    }
    values[row++] = Math.max(0, strings.length - 1);
  }
  return nulls ? { values, strings, nulls } : { values, strings };
}

/** A column of numbers in which `undefined` stands for no value. */
export function numberColumn(numbers: readonly (number | undefined)[]): Column {
  const values = new Float64Array(numbers.length);
  let nulls: Uint8Array | undefined;
  numbers.forEach((number, row) => {
    if (number !== undefined) values[row] = number;
    else {
      nulls ??= new Uint8Array(numbers.length);
      nulls[row] = 1;
    }
  });
  return nulls ? { values, nulls } : { values };
}

/** What a cell holds, for the places where cells are looked at singly. */
export function cellOf({ values, strings, nulls }: Column, row: number): number | bigint | string | null {
  if (nulls?.[row] === 1) return null;
  return strings ? strings[Number(values[row])] : values[row];
}
