/** Runs a statement and gathers its rows: an answer is sent only when it is whole, so that no fault can cut one short. */

import type { ColumnTable } from '../../../historian/lake/columns/columnTable.ts';
import type { QueryLimits, SqlParameter } from '../../../historian/lake/engine/engineMessage.ts';
import type { SqlEngine } from '../../../historian/lake/engine/sqlEngine.ts';
import type { TableAnswer } from '../../encoding/columns/tableJson.ts';
import { answer, type Outcome, refusal } from '../outcome.ts';
import { gatherColumn } from './gatherColumn.ts';
import { statementPosition } from './statementPosition.ts';

/** The engine, and what no statement may exceed. */
export interface SqlDoor {
  readonly engine: Pick<SqlEngine, 'query'>;
  readonly limits: QueryLimits;
}

export interface AskedStatement {
  readonly sql: string;
  readonly parameters: readonly SqlParameter[];
  readonly timeLimit?: number | undefined;
  readonly rows?: number | undefined;
}

/** Of rows that are gathered; who wants more reads the lake. */
const MAX_ANSWER_BYTES = 256 * 2 ** 20;
const BYTES_PER_CHARACTER = 2;

/** Faults: `sql.*`, those of the history functions, `lake.manifest`. */
export async function readSql(
  { engine, limits }: SqlDoor,
  { sql, parameters, timeLimit = limits.timeMs, rows = limits.rows }: AskedStatement,
  signal: AbortSignal,
): Promise<Outcome<TableAnswer>> {
  const granted = { timeMs: Math.min(timeLimit, limits.timeMs), rows: Math.min(rows, limits.rows) };
  const opened = await engine.query(sql, parameters, granted, signal);
  if (!opened.ok) return refused(opened.fault, sql);
  const batches: ColumnTable[] = [];
  let bytes = 0;
  for await (const batch of opened.value.batches()) {
    if (!batch.ok) return refused(batch.fault, sql);
    batches.push(batch.value);
    bytes += sizeOf(batch.value);
    if (bytes <= MAX_ANSWER_BYTES) continue;
    return refusal('sql.memory', `The answer would take more than ${MAX_ANSWER_BYTES} bytes.`);
  }
  const count = batches.reduce((sum, batch) => sum + batch.rows, 0);
  const columns = opened.value.columns.map(({ name, kind, sqlType }, at) => ({
    ...{ name, many: name, sqlType },
    ...gatherColumn(kind, batches, at, count),
  }));
  return answer({ columns, rows: count, truncated: opened.value.truncated });
}

function refused({ code, detail }: { code: Parameters<typeof refusal>[0]; detail: string }, sql: string) {
  const position = statementPosition(sql, detail);
  return refusal(code, detail, position ? { position } : {});
}

function sizeOf({ columns }: ColumnTable): number {
  let bytes = 0;
  for (const { values, strings = [] } of columns) {
    bytes += values.byteLength;
    for (const text of strings) bytes += text.length * BYTES_PER_CHARACTER;
  }
  return bytes;
}
