/**
 * Table functions whose rows come from the server. DuckDB binds a statement before it runs it and tells each function
 * its arguments, evaluated: the calls are noted then, answered by the server, and the statement runs over the answers.
 */

import {
  ANY,
  type DuckDBConnection,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBIntervalValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import { formatTimestamp, type Timestamp, US_PER_DAY } from '@tidegate/core/clock/timestamp.ts';
import { registerColumnScan } from '../columns/columnScan.ts';
import type { ColumnTable } from '../columns/columnTable.ts';
import type { CallArgument, EngineFunction, FunctionCall } from './engineMessage.ts';

/** Marks an error of ours in what DuckDB reports. */
export const ARGUMENT_ERROR = 'wrong argument: ';

/** The calls of the statement that runs on one connection. */
export class StatementCalls {
  readonly #answers = new Map<string, readonly ColumnTable[]>();
  readonly #missing = new Map<string, FunctionCall>();

  /** Notes the call where it has no answer yet. */
  note(call: FunctionCall): () => readonly ColumnTable[] {
    const key = JSON.stringify(call);
    if (!this.#answers.has(key)) this.#missing.set(key, call);
    return () => {
      const answer = this.#answers.get(key);
      // DuckDB may bind a statement again when it runs it.
      if (!answer) throw new Error(`${ARGUMENT_ERROR}one of ${call.name} differs each time that it is evaluated`);
      return answer;
    };
  }

  get missing(): readonly FunctionCall[] {
    return [...this.#missing.values()];
  }

  answer(call: FunctionCall, rows: readonly ColumnTable[]): void {
    const key = JSON.stringify(call);
    this.#missing.delete(key);
    this.#answers.set(key, rows);
  }
}

export class FunctionCalls {
  readonly #statements = new Map<number, StatementCalls>();

  constructor(connection: DuckDBConnection, functions: readonly EngineFunction[]) {
    for (const { name, parameters, columns } of functions) {
      registerColumnScan(connection, {
        name,
        columns,
        parameterTypes: parameters.map(() => ANY),
        bind: (info) => {
          const args = parameters.map((parameter, index) => argumentOf(parameter, info.getParameter(index)));
          const statement = this.#statements.get(info.clientContext.connectionId);
          if (!statement) throw new Error(`${name} is called by no statement`);
          return statement.note({ name, args });
        },
      });
    }
  }

  /** Until the returned function is called, calls on this connection belong to `calls`. */
  attend(connection: DuckDBConnection, calls: StatementCalls): () => void {
    const id = connection.clientContext.connectionId;
    this.#statements.set(id, calls);
    return () => this.#statements.delete(id);
  }
}

function argumentOf(parameter: string, value: DuckDBValue): CallArgument {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return value;
  }
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof DuckDBDecimalValue) return Number(value.toString());
  if (value instanceof DuckDBTimestampValue || value instanceof DuckDBTimestampTZValue) return timeText(value.micros);
  if (value instanceof DuckDBDateValue) return timeText(BigInt(value.days) * BigInt(US_PER_DAY));
  if (value instanceof DuckDBIntervalValue) {
    if (value.months === 0) return `${value.days * 86_400_000 + Number(value.micros) / 1000}ms`;
    throw new Error(`${ARGUMENT_ERROR}${parameter} has months, which are of no fixed length; use text such as '1mo'`);
  }
  throw new Error(`${ARGUMENT_ERROR}${parameter} can be a text, a number, a point in time or an interval`);
}

function timeText(micros: bigint): string {
  return formatTimestamp(Number(micros) as Timestamp);
}
