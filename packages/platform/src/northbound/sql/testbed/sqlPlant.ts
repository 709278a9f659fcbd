/** A small plant with SQL on it: the real engine, in its own process, over a lake that was really published. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseTimestamp, type Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { type Fault, failure, success } from '@tidegate/core/fault/fault.ts';
import { clipRun, sliceRun } from '../../../historian/archive/sampleRun.ts';
import { cellOf } from '../../../historian/lake/columns/columnTable.ts';
import type { QueryLimits, SqlParameter } from '../../../historian/lake/engine/engineMessage.ts';
import { DEFAULT_LIMITS, type SqlEngine } from '../../../historian/lake/engine/sqlEngine.ts';
import { LakePublication } from '../../../historian/lake/publish/lakePublication.ts';
import {
  type MemorySeries,
  memoryPlace,
  memorySource,
  runOf,
  storedTag,
} from '../../../historian/lake/testbed/memorySource.ts';
import type { HistoryFunctions } from '../historyFunctions.ts';
import { type PlantSqlOptions, plantSql } from '../plantSql.ts';

type Rows = (string | number | bigint | null)[][];

export interface StatementAnswer {
  readonly fault?: Fault | undefined;
  readonly rows: Rows;
  readonly truncated?: boolean;
}

export function at(text: string): Timestamp {
  return parseTimestamp(text)!;
}

const SERIES: MemorySeries[] = [
  {
    tag: storedTag(0, 'acme/north/boiler/temperature'),
    run: runOf([
      [at('2026-01-01T00:00:00Z'), 20, 0],
      [at('2026-01-01T12:00:00Z'), 30, 0x40000000],
      [at('2026-01-02T00:00:00Z'), null, 0x80050000],
      [at('2026-01-03T00:00:00Z'), 40, 0],
    ]),
  },
  { tag: storedTag(1, 'acme/north/recipe'), run: runOf([[at('2026-01-02T06:00:00Z'), "d'Or", 0]]) },
  { tag: storedTag(2, 'acme/south/flow'), run: runOf([]) },
];

export class SqlPlant {
  readonly directory: string;
  readonly lake: string;
  readonly sql: SqlEngine;
  /** Every call of a history function. */
  readonly asked: unknown[][] = [];
  eventCount = 1;

  private constructor(directory: string) {
    this.directory = directory;
    this.lake = join(directory, 'lake');
    this.sql = this.openSql();
  }

  static async open(): Promise<SqlPlant> {
    const plant = new SqlPlant(await mkdtemp(join(tmpdir(), 'plant-sql-')));
    await plant.publish(['2026-01-01', '2026-01-02']);
    return plant;
  }

  async close(): Promise<void> {
    await this.sql.close();
    await rm(this.directory, { recursive: true });
  }

  /** Another engine over the same plant. */
  openSql(options: Partial<PlantSqlOptions> = {}): SqlEngine {
    const event = { at: at('2026-01-01T00:00:00Z'), kind: 'line.lost' as const, source: 'g1', detail: 'Line 1.' };
    return plantSql({
      ...{ lake: this.lake, spill: join(this.directory, `spill-${Math.random()}`), history: historyOf(this.asked) },
      tags: { revision: () => 0, rows: () => SERIES.map(({ tag }) => tag) },
      events: { revision: () => this.eventCount, rows: () => Array(this.eventCount).fill(event) },
      ...options,
    });
  }

  async publish(days: readonly string[]): Promise<void> {
    const result = await LakePublication.run(
      {
        ...{ directory: this.lake, days: days.map((day) => ({ day, mark: '1' })), source: memoryPlace(SERIES) },
        ...{ limits: { memoryBytes: 2 ** 28, threads: 1 }, maxPartRows: 100, graceMs: 0 },
      },
      memorySource(SERIES),
      () => {},
    );
    if (!result.ok) throw new Error(result.fault.detail);
  }

  async ask(
    statement: string,
    parameters: SqlParameter[] = [],
    limits: QueryLimits = DEFAULT_LIMITS,
    engine: SqlEngine = this.sql,
  ): Promise<StatementAnswer> {
    const answer = await engine.query(statement, parameters, limits);
    if (!answer.ok) return { fault: answer.fault, rows: [] };
    const rows: Rows = [];
    let fault: Fault | undefined;
    for await (const batch of answer.value.batches()) {
      if (!batch.ok) fault = batch.fault;
      else for (let row = 0; row < batch.value.rows; row++) rows.push(batch.value.columns.map((c) => cellOf(c, row)));
    }
    return { fault, rows, truncated: answer.value.truncated };
  }

  /** Throws where the statement has a fault. */
  async rowsOf(statement: string, ...parameters: SqlParameter[]): Promise<Rows> {
    const { fault, rows } = await this.ask(statement, parameters);
    if (fault) throw new Error(`${fault.code}: ${fault.detail}`);
    return rows;
  }
}

/** What the live historian would do, over the same samples; every call is noted in `asked`. */
function historyOf(asked: unknown[][]): HistoryFunctions {
  const find = (tag: string) => SERIES.find((one) => one.tag.path === tag || String(one.tag.index) === tag);
  return {
    async *raw(tag, start, end) {
      asked.push(['raw', tag, start, end]);
      const found = find(tag);
      if (!found) return void (yield failure('tag.unknown', `No tag is called "${tag}".`));
      const [from, to] = [parseTimestamp(start), parseTimestamp(end)];
      yield success([{ tag: found.tag, run: from && to ? clipRun(found.run, from, to) : found.run }]);
    },
    async *interpolated(tag, start, end, interval) {
      asked.push(['interpolated', tag, start, end, interval]);
      yield success([{ tag: SERIES[0].tag, run: runOf([]) }]);
    },
    async *aggregate(tag, aggregate, start, end, interval) {
      asked.push(['aggregate', tag, aggregate, start, end, interval]);
      yield success([{ tag: SERIES[0].tag, run: runOf([[0, 25, 0]]) }]);
    },
    async *latest(pattern, signal) {
      asked.push(['latest', pattern]);
      if (pattern === 'bug') throw new Error('a bug');
      if (pattern === 'never') await new Promise((resolve) => signal.addEventListener('abort', resolve));
      yield success(
        SERIES.map(({ tag, run }) => ({ tag, run: sliceRun(run, run.times.length - 1, run.times.length) })).slice(0, 2),
      );
    },
  };
}
