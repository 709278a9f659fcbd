/** The routes of SQL: a statement in, rows out; a client that goes away ends its statement. */

import type { FastifyInstance } from 'fastify';
import { ENDPOINTS } from '../contract/endpoint.ts';
import { ARROW_TYPE, CSV_TYPE, JSON_TYPE } from '../contract/endpointParts.ts';
import { answerArrow } from '../encoding/columns/answerArrow.ts';
import { answerCsv } from '../encoding/columns/answerCsv.ts';
import type { ColumnAnswer } from '../encoding/columns/columnAnswer.ts';
import { type TableAnswer, tableJson } from '../encoding/columns/tableJson.ts';
import { type Outcome, refusal } from '../rest/outcome.ts';
import { type AskedStatement, readSql, type SqlDoor } from '../rest/sql/sqlRead.ts';
import { preferred } from './mediaTypes.ts';
import { addRoute, type Exchange } from './route.ts';
import { sendBody } from './sendBody.ts';

const OFFERED = [JSON_TYPE, CSV_TYPE, ARROW_TYPE] as const;
const TRUNCATED_HEADER = 'tidegate-truncated';

/** Without a door the routes say that there is none. */
export function addSqlRoutes(server: FastifyInstance, door: SqlDoor | undefined): void {
  addRoute(server, ENDPOINTS.sqlQuery, ({ query: { query, ...limits } }, exchange) =>
    answerSql(door, { sql: query, parameters: [], ...limits }, exchange),
  );
  addRoute(server, ENDPOINTS.sql, ({ body }, exchange) => answerSql(door, body, exchange));
}

async function answerSql(
  door: SqlDoor | undefined,
  asked: AskedStatement,
  { request, reply }: Exchange,
): Promise<Outcome<unknown> | undefined> {
  if (!door) return refusal('sql.disabled', 'The configuration of this server has `sql: { enabled: false }`.');
  const form = preferred(request.headers.accept, OFFERED);
  if (!form) {
    return refusal('request.not-acceptable', `The answer comes as ${OFFERED.join(', ')}; none of them is accepted.`);
  }
  const startedMs = performance.now();
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  const outcome = await readSql(door, asked, gone.signal);
  if (!outcome.ok) return outcome;
  const rows = outcome.value;
  // Forms without a place of their own for it say so in the head.
  reply.header(TRUNCATED_HEADER, String(rows.truncated));
  if (form === JSON_TYPE) {
    const elapsedMs = Math.round(performance.now() - startedMs);
    await sendBody(request, reply, `${JSON_TYPE}; charset=utf-8`, tableJson(rows, elapsedMs));
  } else if (form === CSV_TYPE) {
    await sendBody(request, reply, `${CSV_TYPE}; charset=utf-8; header=present`, answerCsv(asAnswer(rows)));
  } else {
    await sendBody(request, reply, ARROW_TYPE, answerArrow(asAnswer(rows)));
  }
  return undefined;
}

function asAnswer({ columns, rows }: TableAnswer): ColumnAnswer {
  return { start: null, end: null, series: [{ facts: {}, labels: [], rows, columns }], next: null, warnings: [] };
}
