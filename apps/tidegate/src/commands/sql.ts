/** `tidegate sql`: rows of a statement from a running server. */

import { writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { EXIT } from '@tidegate/process/exitStatus.ts';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { reportFault } from '../reportFault.ts';
import type { Problem, SqlAnswer } from '../serverApi/answers.ts';
import { faultOf, ServerApi } from '../serverApi/serverApi.ts';
import { markedDetail } from '../sql/markedDetail.ts';
import { formatSqlTable } from '../sql/sqlTable.ts';

interface SqlArguments {
  readonly csv?: true;
  readonly json?: true;
  readonly arrow?: string;
  readonly limit?: number;
  readonly timeLimit?: string;
  readonly server: string;
}

const TABLE_ROWS = 1_000;
const STANDARD_INPUT = '-';

const EXAMPLES = `
The dialect is that of DuckDB, read-only. Tables: history, samples, tags, assets, events. Functions that ask the historian
itself: raw(tag, start, end), interpolated(tag, start, end, interval), aggregate(tag, name, start, end, interval),
latest(pattern). Times are UTC. A table holds ${TABLE_ROWS} rows unless --limit says otherwise; the other formats all of them.

Examples:
  tidegate sql "SELECT count(*) FROM raw('PI-7', '*-1h', '*')"
  tidegate sql "SELECT * FROM aggregate('PI-7', 'TimeAverage', 'y', 't', '1h')" --csv
  tidegate sql "FROM history WHERE day = '2026-01-31'" --arrow day.arrow
  tidegate sql - < report.sql
`;

export function addSqlCommand(program: Command): void {
  program
    .command('sql')
    .description('rows of an SQL statement over history, tags, assets and events')
    .argument('<statement>', 'one statement that reads; - takes it from standard input')
    .option('--csv', 'as CSV')
    .addOption(new Option('--json', 'as JSON, in columns').conflicts('csv'))
    .addOption(new Option('--arrow <file>', 'as an Arrow IPC stream into a file').conflicts(['csv', 'json']))
    .option('--limit <rows>', 'most rows', readLimit)
    .option('--time-limit <time>', 'how long it may take, such as 10s')
    .option('--server <url>', 'address of the server', 'http://127.0.0.1:8420')
    .addHelpText('after', EXAMPLES)
    .action(async (statement: string, given: SqlArguments) => {
      const sql = statement === STANDARD_INPUT ? await text(process.stdin) : statement;
      const answered = await answer(sql, given);
      if (!answered.ok) reportFault(answered.fault);
      process.exitCode = answered.ok ? EXIT.ok : EXIT.failed;
    });
}

async function answer(
  sql: string,
  { csv, json, arrow, limit, timeLimit, server }: SqlArguments,
): Promise<Result<void>> {
  const accept = arrow ? 'application/vnd.apache.arrow.stream' : csv ? 'text/csv' : 'application/json';
  const rows = limit ?? (arrow || csv || json ? undefined : TABLE_ROWS);
  const posted = await new ServerApi(server).post('/sql', { sql, rows, timeLimit }, accept);
  if (!posted.ok) return posted;
  const response = posted.value;
  if (!response.ok) return refusal(sql, response);
  if (arrow || csv || json) {
    const written = await write(response, arrow);
    if (!written.ok) return written;
    if (response.headers.get('tidegate-truncated') === 'true') {
      process.stderr.write('There are more rows than these (--limit, and `sql: rows` of the server).\n');
    }
  } else {
    process.stdout.write(formatSqlTable((await response.json()) as SqlAnswer));
  }
  return success(undefined);
}

/** The fault with the line of the statement and a mark below the place of the mistake. */
async function refusal(sql: string, response: Response): Promise<Result<never>> {
  const problem = (await response.json().catch(() => undefined)) as Problem | undefined;
  if (!problem) return failure('api.answer', `The server answers with status ${response.status} and without JSON.`);
  return faultOf({ code: problem.code, detail: markedDetail(sql, problem) });
}

async function write(response: Response, file: string | undefined): Promise<Result<void>> {
  try {
    const body = response.body ?? [];
    if (file !== undefined) await writeFile(file, body);
    else {
      for await (const bytes of body) process.stdout.write(bytes);
      if (process.stdout.isTTY) process.stdout.write('\n');
    }
    return success(undefined);
  } catch (error) {
    const { syscall, message } = error as NodeJS.ErrnoException;
    if (file !== undefined && syscall) return failure('output.unwritable', `${file} cannot be written: ${message}.`);
    return failure('api.unreachable', `The answer has broken off: ${message}.`);
  }
}

function readLimit(text: string): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1) throw new InvalidArgumentError('It takes a whole number above 0.');
  return limit;
}
