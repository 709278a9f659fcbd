/** Columns into DuckDB's vectors and out of them, without an object for each value. */

import { type DuckDBDataChunk, type DuckDBType, DuckDBTypeId, type DuckDBVector } from '@duckdb/node-api';
import { US_PER_DAY } from '@tidegate/core/clock/timestamp.ts';
import type { Column } from './columnTable.ts';

/** What a column of an answer holds: text where it is none of the others. */
export type AnswerKind = 'number' | 'integer' | 'boolean' | 'time' | 'date' | 'text';

type Items = Float64Array | BigInt64Array | Int32Array | Uint32Array;

/** The memory of a vector, which the library keeps to itself: its own accessors make an object of every value. */
interface VectorMemory {
  readonly items: Items;
  readonly validity: { data: BigUint64Array | null };
  flush(): void;
}

const HIGH_WORD = 2 ** 32;

/** Microseconds in one unit of each type of time. */
const TIME_UNIT_US: Readonly<Record<number, number>> = {
  [DuckDBTypeId.TIMESTAMP]: 1,
  [DuckDBTypeId.TIMESTAMP_TZ]: 1,
  [DuckDBTypeId.TIMESTAMP_S]: 1_000_000,
  [DuckDBTypeId.TIMESTAMP_MS]: 1_000,
  [DuckDBTypeId.TIMESTAMP_NS]: 1e-3,
};
const PLAIN_NUMBERS: ReadonlySet<number> = new Set([
  ...[DuckDBTypeId.DOUBLE, DuckDBTypeId.FLOAT, DuckDBTypeId.TINYINT, DuckDBTypeId.SMALLINT, DuckDBTypeId.INTEGER],
  ...[DuckDBTypeId.UTINYINT, DuckDBTypeId.USMALLINT, DuckDBTypeId.UINTEGER],
]);
/** They may be too large for a double to hold exactly; DuckDB's own clients for pandas give doubles too. */
const WIDE_NUMBERS: ReadonlySet<number> = new Set([
  ...[DuckDBTypeId.UBIGINT, DuckDBTypeId.HUGEINT, DuckDBTypeId.UHUGEINT, DuckDBTypeId.DECIMAL],
]);

export function answerKind({ typeId }: DuckDBType): AnswerKind {
  if (PLAIN_NUMBERS.has(typeId) || WIDE_NUMBERS.has(typeId)) return 'number';
  if (typeId === DuckDBTypeId.BIGINT) return 'integer';
  if (typeId === DuckDBTypeId.BOOLEAN) return 'boolean';
  if (typeId === DuckDBTypeId.DATE) return 'date';
  return typeId in TIME_UNIT_US ? 'time' : 'text';
}

/** Copies `count` rows of `column` from row `from` on into the vector `index` of a chunk whose row count is set. */
export function writeVector(chunk: DuckDBDataChunk, index: number, column: Column, from: number, count: number): void {
  const vector = chunk.getColumnVector(index);
  const { typeId } = vector.type;
  if (typeId === DuckDBTypeId.VARCHAR) writeTexts(vector, column, from, count);
  else if (typeId === DuckDBTypeId.BOOLEAN) writeBooleans(vector, column, from, count);
  else writeNumbers(vector as unknown as VectorMemory, column, from, count);
}

function writeNumbers(memory: VectorMemory, column: Column, from: number, count: number): void {
  if (memory.items instanceof BigInt64Array && !(column.values instanceof BigInt64Array)) {
    writeTimes(memory.items, column.values as Float64Array, from, count);
  } else {
    memory.items.set(column.values.subarray(from, from + count) as never);
  }
  if (column.nulls) memory.validity.data = validityOf(column.nulls, from, count);
  memory.flush();
}

/** The rows of one vector as a column of its own memory: the chunk may go. Text that repeats is kept once. */
export function readVector(chunk: DuckDBDataChunk, index: number, type: DuckDBType): Column {
  const vector = chunk.getColumnVector(index);
  const kind = answerKind(type);
  const nulls = nullsOf(vector, chunk.rowCount);
  if (kind === 'text') return readTexts(vector, chunk.rowCount);
  const values = readNumbers(vector, type, chunk.rowCount);
  return nulls ? { values, nulls } : { values };
}

function readNumbers(vector: DuckDBVector, { typeId }: DuckDBType, rows: number): Float64Array | BigInt64Array {
  const { items } = vector as unknown as VectorMemory;
  if (typeId === DuckDBTypeId.BIGINT) return (items as BigInt64Array).slice();
  if (PLAIN_NUMBERS.has(typeId)) return Float64Array.from(items as Float64Array);
  const values = new Float64Array(rows);
  if (typeId === DuckDBTypeId.DATE) {
    for (let row = 0; row < rows; row++) values[row] = (items as Int32Array)[row] * US_PER_DAY;
    return values;
  }
  if (typeId in TIME_UNIT_US) {
    const unitUs = TIME_UNIT_US[typeId];
    for (let row = 0; row < rows; row++) values[row] = Number((items as BigInt64Array)[row]) * unitUs;
    return values;
  }
  for (let row = 0; row < rows; row++) values[row] = Number(vector.getItem(row)?.toString() ?? 0);
  if (typeId === DuckDBTypeId.BOOLEAN) for (let row = 0; row < rows; row++) values[row] = vector.getItem(row) ? 1 : 0;
  return values;
}

function readTexts(vector: DuckDBVector, rows: number): Column {
  const values = new Uint32Array(rows);
  const nulls = new Uint8Array(rows);
  const strings: string[] = [];
  for (let row = 0; row < rows; row++) {
    const item = vector.getItem(row);
    if (item === null) nulls[row] = 1;
    else {
      const text = String(item);
      if (strings.length === 0 || strings[strings.length - 1] !== text) strings.push(text);
    }
    values[row] = Math.max(0, strings.length - 1);
  }
  return { values, strings, nulls };
}

function writeTexts(vector: DuckDBVector, { values, strings = [], nulls }: Column, from: number, count: number): void {
  for (let row = 0; row < count; row++) {
    vector.setItem(row, nulls?.[from + row] === 1 ? null : strings[Number(values[from + row])]);
  }
  vector.flush();
}

function writeBooleans(vector: DuckDBVector, { values, nulls }: Column, from: number, count: number): void {
  for (let row = 0; row < count; row++) {
    vector.setItem(row, nulls?.[from + row] === 1 ? null : Number(values[from + row]) !== 0);
  }
  vector.flush();
}

/** A whole number in a double, as two 32-bit words (little-endian, as every machine is that DuckDB is built for here). */
function writeTimes(items: BigInt64Array, times: Float64Array, from: number, count: number): void {
  const words = new Uint32Array(items.buffer, items.byteOffset, count * 2);
  for (let row = 0; row < count; row++) {
    const time = times[from + row];
    const high = Math.floor(time / HIGH_WORD);
    words[row * 2] = time - high * HIGH_WORD;
    words[row * 2 + 1] = high;
  }
}

/** DuckDB's mask: one bit for each row, set where there is a value. */
function validityOf(nulls: Uint8Array, from: number, count: number): BigUint64Array {
  const mask = new BigUint64Array(Math.ceil(count / 64)).fill(0xffff_ffff_ffff_ffffn);
  const bytes = new Uint8Array(mask.buffer);
  for (let row = 0; row < count; row++) if (nulls[from + row] === 1) bytes[row >>> 3] &= ~(1 << (row & 7));
  return mask;
}

function nullsOf(vector: DuckDBVector, rows: number): Uint8Array | undefined {
  const mask = (vector as unknown as VectorMemory).validity.data;
  if (!mask) return undefined;
  const bytes = new Uint8Array(mask.buffer, mask.byteOffset, mask.byteLength);
  const nulls = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) nulls[row] = ((bytes[row >>> 3] >>> (row & 7)) & 1) ^ 1;
  return nulls;
}
