/**
 * SQL over the lake and the live historian, in a process of its own.
 *
 * Invariants:
 * - Whatever a statement does, the server goes on: the engine is killed where it exceeds time or memory, and starts anew
 *   with the next statement.
 * - Every statement ends: with its rows, or with one fault.
 */

import { resolve } from 'node:path';
import { type Fault, failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { ColumnTable } from '../columns/columnTable.ts';
import { EngineChild } from './engineChild.ts';
import type {
  CallArgument,
  EngineFunction,
  EngineSettings,
  EngineTable,
  FromEngine,
  QueryLimits,
  SqlParameter,
} from './engineMessage.ts';
import { CANCELLED, EngineQuery, type SqlAnswer } from './engineQuery.ts';

/** A table whose rows the server has. */
export interface FedTable extends EngineTable {
  /** Another value after the rows have changed: they are handed to the engine again then. */
  revision(): unknown;
  rows(): ColumnTable;
}

/** A table function whose rows the server makes. */
export interface FedFunction extends EngineFunction {
  /** In pieces, each of which holds up the server while it is made and sent; a fault is the last. */
  rows(args: readonly CallArgument[], signal: AbortSignal): AsyncIterable<Result<ColumnTable>>;
}

export interface SqlEngineOptions {
  readonly lake: string;
  /** A directory of the engine's own: it is emptied at start. */
  readonly spill: string;
  /** One of them is `tags`, with the columns `tag` and `path`. */
  readonly tables: readonly FedTable[];
  readonly functions: readonly FedFunction[];
  readonly definitions: readonly string[];
  /** Of DuckDB's own bookkeeping; what a statement needs beyond is spilt to disk, or is refused. */
  readonly memoryBytes?: number;
  /** Of the whole process; beyond it the process is killed. */
  readonly residentBytes?: number;
  readonly spillBytes?: number;
  readonly threads?: number;
  /** Statements at a time; further ones are refused. */
  readonly concurrency?: number;
  /** How long a statement may take to end after it was told to. */
  readonly graceMs?: number;
}

const GIB = 2 ** 30;
export const DEFAULT_LIMITS: QueryLimits = { timeMs: 30_000, rows: 1_000_000 };
const DEFAULTS = { memoryBytes: GIB, residentBytes: 2 * GIB, spillBytes: 4 * GIB, threads: 2 } as const;
const CONCURRENCY = 4;
const GRACE_MS = 2_000;

export class SqlEngine {
  readonly #options: SqlEngineOptions;
  readonly #settings: EngineSettings;
  readonly #running = new Map<number, EngineQuery>();
  #child: EngineChild | undefined;
  #nextId = 1;
  #closed = false;

  constructor(options: SqlEngineOptions) {
    this.#options = options;
    const { definitions } = options;
    const [lake, spill] = [resolve(options.lake), resolve(options.spill)];
    const { memoryBytes, spillBytes, threads } = { ...DEFAULTS, ...options };
    this.#settings = {
      ...{ lake, spill, memoryBytes, spillBytes, threads, definitions },
      tables: options.tables.map(({ name, columns }) => ({ name, columns })),
      functions: options.functions.map(({ name, parameters, columns }) => ({ name, parameters, columns })),
    };
  }

  /**
   * Runs one statement that only reads; `$1` in it stands for the first parameter. Faults: `sql.*`, those of the history
   * functions, `lake.manifest`.
   */
  async query(
    sql: string,
    parameters: readonly SqlParameter[] = [],
    limits: QueryLimits = DEFAULT_LIMITS,
    signal?: AbortSignal,
  ): Promise<Result<SqlAnswer>> {
    const { concurrency = CONCURRENCY } = this.#options;
    if (this.#closed || signal?.aborted) return { ok: false, fault: CANCELLED };
    if (this.#running.size >= concurrency) return failure('sql.busy', `${concurrency} statements are running.`);
    const child = this.#startedChild();
    this.#refreshTables(child);
    const id = this.#nextId++;
    const cancel = () => this.#cancel(child, id, CANCELLED);
    const query = new EngineQuery(() => void child.send({ type: 'taken', id }), cancel);
    this.#running.set(id, query);
    const { graceMs = GRACE_MS } = this.#options;
    const late = failure('sql.timeout', `It was not done after ${limits.timeMs} ms.`).fault;
    const timer = setTimeout(() => this.#endByForce(child, id, late), limits.timeMs + graceMs);
    signal?.addEventListener('abort', cancel, { once: true });
    query.signal.addEventListener('abort', () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
      this.#running.delete(id);
    });
    void child.send({ type: 'query', id, sql, parameters, limits });
    return query.opened();
  }

  /** Ends every statement that is running, and the process. */
  async close(): Promise<void> {
    this.#closed = true;
    const child = this.#child;
    child?.kill();
    this.#failAll(CANCELLED);
    await child?.ended;
  }

  /** Process id while the engine runs; for those who watch it. */
  get pid(): number | undefined {
    return this.#child?.alive ? this.#child.pid : undefined;
  }

  #startedChild(): EngineChild {
    if (this.#child?.alive) return this.#child;
    const { residentBytes } = { ...DEFAULTS, ...this.#options };
    const child: EngineChild = new EngineChild(
      this.#settings,
      residentBytes,
      (message) => this.#receive(child, message),
      (fault) => this.#failAll(fault),
    );
    this.#child = child;
    return child;
  }

  #refreshTables(child: EngineChild): void {
    for (const table of this.#options.tables) {
      const revision = table.revision();
      if (child.tableRevisions.has(table.name) && child.tableRevisions.get(table.name) === revision) continue;
      child.tableRevisions.set(table.name, revision);
      void child.send({ type: 'table', name: table.name, table: table.rows() });
    }
  }

  #receive(child: EngineChild, message: FromEngine): void {
    const query = this.#running.get(message.id);
    if (!query || child !== this.#child) return;
    if (message.type === 'call') void this.#answerCall(child, query, message);
    else query.receive(message);
  }

  async #answerCall(child: EngineChild, query: EngineQuery, message: Extract<FromEngine, { type: 'call' }>) {
    const { id, call } = message;
    const called = this.#options.functions.find(({ name }) => name === call.name);
    if (!called) throw new Error(`There is no function ${call.name}.`);
    try {
      for await (const piece of called.rows(call.args, query.signal)) {
        if (!piece.ok) return void child.send({ type: 'answered', id, result: piece });
        if (query.signal.aborted) return;
        await child.send({ type: 'piece', id, table: piece.value });
      }
      void child.send({ type: 'answered', id, result: success(undefined) });
    } catch (error) {
      this.#cancel(child, id, failure('server.bug', `${call.name}: ${(error as Error).message}`).fault);
    }
  }

  #cancel(child: EngineChild, id: number, fault: Fault): void {
    void child.send({ type: 'cancel', id, fault });
    setTimeout(() => this.#endByForce(child, id, fault), this.#options.graceMs ?? GRACE_MS).unref();
  }

  /** A statement that does not end takes the process with it, and all that runs there. */
  #endByForce(child: EngineChild, id: number, fault: Fault): void {
    const query = this.#running.get(id);
    if (!query || !child.alive) return;
    query.fail(fault);
    child.kill();
    this.#failAll(failure('sql.engine', 'It was restarted because another statement did not end.').fault);
  }

  #failAll(fault: Fault): void {
    for (const query of [...this.#running.values()]) query.fail(fault);
  }
}
