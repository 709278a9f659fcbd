/**
 * Which statements may run: one, which only reads, and calls no table function but those of Tidegate and a few that make
 * rows of nothing. DuckDB's own parser says what a statement is; a closed DuckDB would refuse most of the rest, but not
 * table functions that change it, such as `enable_logging`.
 */

import { type DuckDBConnection, StatementType } from '@duckdb/node-api';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';

const HARMLESS_FUNCTIONS = ['range', 'generate_series', 'unnest', 'json_each', 'json_tree'];
const MAX_LENGTH = 100_000;
/** The words in front of a statement that is to be explained. */
export const EXPLAIN = /^\s*explain\b(?:\s+analyze\b)?/i;

/** What `json_serialize_sql` gives. */
interface Serialized {
  readonly error: boolean;
  readonly error_type?: string;
  readonly error_message?: string;
  readonly position?: string;
  readonly statements?: readonly unknown[];
}

/** Faults: `sql.syntax`, `sql.refused`. */
export async function checkStatement(
  connection: DuckDBConnection,
  sql: string,
  functions: readonly string[],
): Promise<Result<void>> {
  if (sql.length > MAX_LENGTH) return failure('sql.syntax', `It is longer than ${MAX_LENGTH} characters.`);
  const explained = EXPLAIN.exec(sql)?.[0].length ?? 0;
  const serialized = await serialize(connection, sql.slice(explained));
  if (serialized.error_type === 'parser') return failure('sql.syntax', syntaxDetail(serialized, sql, explained));
  if (serialized.error || !serialized.statements) return failure('sql.refused', await refusal(connection, sql));
  if (serialized.statements.length === 0) return failure('sql.syntax', 'There is no statement.');
  if (serialized.statements.length > 1) return failure('sql.refused', 'There is more than one statement.');
  const allowed = new Set([...functions, ...HARMLESS_FUNCTIONS]);
  const refused = tableFunctions(serialized.statements[0]).find((name) => !allowed.has(name.toLowerCase()));
  return refused === undefined ? success(undefined) : failure('sql.refused', `It calls the function ${refused}.`);
}

async function serialize(connection: DuckDBConnection, sql: string): Promise<Serialized> {
  const reader = await connection.runAndReadAll('SELECT json_serialize_sql($1::VARCHAR)', [sql]);
  return JSON.parse(String(reader.getRows()[0][0]));
}

function syntaxDetail({ error_message = '', position }: Serialized, sql: string, offset: number): string {
  if (position === undefined) return `${error_message}.`;
  const before = sql.slice(0, Number(position) + offset).split('\n');
  return `Line ${before.length}, column ${before[before.length - 1].length + 1}: ${error_message}.`;
}

async function refusal(connection: DuckDBConnection, sql: string): Promise<string> {
  try {
    const statements = await connection.extractStatements(sql);
    const { statementType } = await statements.prepare(0);
    return `It is a statement of the kind ${StatementType[statementType]}.`;
  } catch {
    return 'It is no statement that only reads.';
  }
}

/** The names of the table functions that a parsed statement calls, at any depth. */
function tableFunctions(tree: unknown): string[] {
  const names: string[] = [];
  const open: unknown[] = [tree];
  while (open.length > 0) {
    const node = open.pop();
    if (typeof node !== 'object' || node === null) continue;
    const { type, function: called } = node as { type?: unknown; function?: { function_name?: unknown } };
    if (type === 'TABLE_FUNCTION') names.push(String(called?.function_name));
    open.push(...Object.values(node));
  }
  return names;
}
