/** One statement on its way through DuckDB: checked, bound, its functions answered, its rows sent as they are taken. */

import type { DuckDBConnection, DuckDBPreparedStatement, DuckDBResult } from '@duckdb/node-api';
import { type Fault, failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { ColumnTable } from '../columns/columnTable.ts';
import { answerKind, readVector } from '../columns/vectorColumns.ts';
import { duckdbFault } from './duckdbFault.ts';
import type { FromEngine, FunctionCall, ToEngine } from './engineMessage.ts';
import { type FunctionCalls, StatementCalls } from './functionCalls.ts';
import type { Sandbox } from './sandbox.ts';
import { checkStatement, EXPLAIN } from './statementCheck.ts';

type Query = Extract<ToEngine, { type: 'query' }>;

/** Batches that may be on their way to the reader; the statement waits while it has not taken them. */
const WINDOW = 16;

export class RunningQuery {
  readonly #query: Query;
  readonly #functions: readonly string[];
  readonly #send: (message: FromEngine) => void;
  #connection: DuckDBConnection | undefined;
  #ended: Fault | undefined;
  #onWay = 0;
  #wake: () => void = () => {};
  /** Of the function that is being answered. */
  #pieces: ColumnTable[] = [];
  #answered: (result: Result<void>) => void = () => {};

  constructor(query: Query, functions: readonly string[], send: (message: FromEngine) => void) {
    this.#query = query;
    this.#functions = functions;
    this.#send = send;
  }

  async run(sandbox: Sandbox): Promise<void> {
    const { id, limits } = this.#query;
    const late = failure('sql.timeout', `It was not done after ${limits.timeMs} ms.`);
    const timer = setTimeout(() => this.end(late.fault), limits.timeMs);
    try {
      this.#connection = await sandbox.connect();
      const fault = this.#ended ?? (await this.#answer(this.#connection, sandbox.calls));
      if (fault) this.#send({ type: 'failed', id, fault: this.#ended ?? fault });
    } catch (error) {
      this.#send({ type: 'failed', id, fault: this.#ended ?? duckdbFault(error, this.#functions) });
    } finally {
      clearTimeout(timer);
      this.#connection?.closeSync();
    }
  }

  /** Ends it with this fault; nothing happens where it has ended already. */
  end(fault: Fault): void {
    this.#ended ??= fault;
    this.#connection?.interrupt();
    this.#wake();
    this.#answered({ ok: false, fault: this.#ended });
  }

  taken(): void {
    this.#onWay--;
    this.#wake();
  }

  takePiece(table: ColumnTable): void {
    this.#pieces.push(table);
  }

  answered(result: Result<void>): void {
    this.#answered(result);
  }

  async #answer(connection: DuckDBConnection, functionCalls: FunctionCalls): Promise<Fault | undefined> {
    const checked = await checkStatement(connection, this.#query.sql, this.#functions);
    if (!checked.ok) return checked.fault;
    const calls = new StatementCalls();
    const release = functionCalls.attend(connection, calls);
    try {
      // Within a transaction `now()` stands still, and so do the arguments that are made of it.
      await connection.run('BEGIN TRANSACTION READ ONLY');
      const result = await this.#start(connection, calls);
      return result.ok ? await this.#sendRows(result.value) : result.fault;
    } finally {
      release();
    }
  }

  async #start(connection: DuckDBConnection, calls: StatementCalls): Promise<Result<DuckDBResult>> {
    const { sql, parameters } = this.#query;
    // A statement with parameters is bound when it runs; explaining it binds it without running it.
    if (parameters.length > 0 && !EXPLAIN.test(sql)) await bound(await connection.prepare(`EXPLAIN ${sql}`)).run();
    const prepared = bound(await connection.prepare(sql));
    for (const call of calls.missing) {
      const rows = await this.#ask(call);
      if (!rows.ok) return rows;
      calls.answer(call, rows.value);
    }
    return this.#ended ? { ok: false, fault: this.#ended } : success(await prepared.stream());

    function bound(statement: DuckDBPreparedStatement): DuckDBPreparedStatement {
      statement.bind([...parameters]);
      return statement;
    }
  }

  async #ask(call: FunctionCall): Promise<Result<readonly ColumnTable[]>> {
    if (this.#ended) return { ok: false, fault: this.#ended };
    this.#pieces = [];
    const answered = await new Promise<Result<void>>((resolve) => {
      this.#answered = resolve;
      this.#send({ type: 'call', id: this.#query.id, call });
    });
    return answered.ok ? success(this.#pieces) : answered;
  }

  async #sendRows(result: DuckDBResult): Promise<Fault | undefined> {
    const { id, limits } = this.#query;
    const types = result.columnTypes();
    const columns = result.columnNames().map((name, index) => {
      return { name, kind: answerKind(types[index]), sqlType: types[index].toString() };
    });
    this.#send({ type: 'columns', id, columns });
    let left = limits.rows;
    for (;;) {
      const chunk = await result.fetchChunk();
      if (this.#ended) return this.#ended;
      if (!chunk || chunk.rowCount === 0) break;
      const rows = Math.min(chunk.rowCount, left);
      const batch = { rows, columns: types.map((type, index) => readVector(chunk, index, type)) };
      if (rows > 0) this.#send({ type: 'batch', id, batch });
      left -= rows;
      if (rows < chunk.rowCount) {
        this.#send({ type: 'done', id, truncated: true });
        return undefined;
      }
      this.#onWay++;
      while (this.#onWay >= WINDOW && !this.#ended) await new Promise<void>((wake) => (this.#wake = wake));
    }
    this.#send({ type: 'done', id, truncated: false });
    return undefined;
  }
}
