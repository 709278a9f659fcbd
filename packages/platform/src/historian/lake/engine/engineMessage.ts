/** What the server and the process of the SQL engine say to each other; typed arrays cross as they are. */

import type { Fault, Result } from '@tidegate/core/fault/fault.ts';
import type { ColumnShape, ColumnTable } from '../columns/columnTable.ts';
import type { AnswerKind } from '../columns/vectorColumns.ts';

export interface EngineSettings {
  /** Directory of the lake. */
  readonly lake: string;
  /** Directory for what does not fit into memory; emptied at start. */
  readonly spill: string;
  readonly memoryBytes: number;
  readonly spillBytes: number;
  readonly threads: number;
  readonly tables: readonly EngineTable[];
  readonly functions: readonly EngineFunction[];
  /** `CREATE VIEW` and `CREATE MACRO` statements over the tables, `history` and each other. */
  readonly definitions: readonly string[];
}

/** A table whose rows the server hands in. */
export interface EngineTable {
  readonly name: string;
  readonly columns: readonly ColumnShape[];
}

/** A table function whose rows the server hands in for each call. */
export interface EngineFunction {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly columns: readonly ColumnShape[];
}

/** An argument of a call; a point in time and a duration come as text: RFC 3339 in UTC, `90000ms`. */
export type CallArgument = string | number | boolean | null;

export interface FunctionCall {
  readonly name: string;
  readonly args: readonly CallArgument[];
}

/** A value for a parameter `$1` of a statement. */
export type SqlParameter = string | number | bigint | boolean | null;

export interface QueryLimits {
  /** From the moment it is sent until its last row is taken. */
  readonly timeMs: number;
  /** Further rows are left off, and the answer says so. */
  readonly rows: number;
}

export interface AnswerColumn {
  readonly name: string;
  readonly kind: AnswerKind;
  /** As DuckDB writes it: `DECIMAL(18,3)`. */
  readonly sqlType: string;
}

export type ToEngine =
  | { readonly type: 'open'; readonly settings: EngineSettings }
  | { readonly type: 'table'; readonly name: string; readonly table: ColumnTable }
  | {
      readonly type: 'query';
      readonly id: number;
      readonly sql: string;
      readonly parameters: readonly SqlParameter[];
      readonly limits: QueryLimits;
    }
  /** The reader has taken one batch. */
  | { readonly type: 'taken'; readonly id: number }
  | { readonly type: 'cancel'; readonly id: number; readonly fault: Fault }
  /** Some of the rows of the function that the statement waits for, and that they are all there. */
  | { readonly type: 'piece'; readonly id: number; readonly table: ColumnTable }
  | { readonly type: 'answered'; readonly id: number; readonly result: Result<void> };

export type FromEngine =
  /** The statement `id` waits for the rows of a function. */
  | { readonly type: 'call'; readonly id: number; readonly call: FunctionCall }
  | { readonly type: 'columns'; readonly id: number; readonly columns: readonly AnswerColumn[] }
  | { readonly type: 'batch'; readonly id: number; readonly batch: ColumnTable }
  | { readonly type: 'done'; readonly id: number; readonly truncated: boolean }
  | { readonly type: 'failed'; readonly id: number; readonly fault: Fault };
