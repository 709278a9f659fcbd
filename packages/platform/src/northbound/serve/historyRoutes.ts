/** The routes of history: questions that are answered in columns, and changes. */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ENDPOINTS } from '../contract/endpoint.ts';
import { ARROW_TYPE, CSV_TYPE, type Endpoint, JSON_TYPE } from '../contract/endpointParts.ts';
import { answerArrow } from '../encoding/columns/answerArrow.ts';
import { answerCsv } from '../encoding/columns/answerCsv.ts';
import { answerJson, seriesJson } from '../encoding/columns/answerJson.ts';
import type { ColumnAnswer } from '../encoding/columns/columnAnswer.ts';
import type { NorthboundHistorian } from '../encoding/northboundHistorian.ts';
import { readAnnotations, readModified } from '../rest/history/changeReads.ts';
import { annotateHistory, editHistory, importHistory } from '../rest/history/historyChanges.ts';
import { readCounter, readStates, readSummary } from '../rest/history/intervalReads.ts';
import { readLatest } from '../rest/history/latestRead.ts';
import { readProcessed } from '../rest/history/processedRead.ts';
import { readRaw } from '../rest/history/rawRead.ts';
import { readAt, readCalculated, readInterpolated, readPlot } from '../rest/history/valueReads.ts';
import { type Outcome, refusal } from '../rest/outcome.ts';
import { preferred } from './mediaTypes.ts';
import { addRoute, type Exchange, type RequestOf } from './route.ts';
import { sendBody } from './sendBody.ts';

type Read<E extends Endpoint> = (
  historian: NorthboundHistorian,
  query: RequestOf<E>['query'],
  now: Timestamp,
) => Outcome<ColumnAnswer> | Promise<Outcome<ColumnAnswer>>;

type Encode = (answer: ColumnAnswer) => Iterable<string> | AsyncIterable<Uint8Array>;

/** What the types that are offered are called in the answer, and how it is written; the first is that of who asks for any. */
const FORMS = {
  [JSON_TYPE]: { type: `${JSON_TYPE}; charset=utf-8`, encode: answerJson },
  [CSV_TYPE]: { type: `${CSV_TYPE}; charset=utf-8; header=present`, encode: answerCsv },
  [ARROW_TYPE]: { type: ARROW_TYPE, encode: answerArrow },
} as const satisfies Record<string, { type: string; encode: Encode }>;
const OFFERED = Object.keys(FORMS) as (keyof typeof FORMS)[];

export function addHistoryRoutes(server: FastifyInstance, historian: NorthboundHistorian, clock: Clock): void {
  const add = <E extends Endpoint>(endpoint: E, read: Read<E>, toJson: Encode = answerJson) =>
    addRoute(server, endpoint, ({ query }, exchange) =>
      answerColumns(exchange, () => read(historian, query, clock.now()), toJson),
    );
  add(ENDPOINTS.latest, readLatest, ({ series }) => seriesJson(series[0]));
  add(ENDPOINTS.historyRaw, readRaw);
  add(ENDPOINTS.historyAt, readAt);
  add(ENDPOINTS.historyInterpolated, readInterpolated);
  add(ENDPOINTS.historyPlot, readPlot);
  add(ENDPOINTS.historyProcessed, readProcessed);
  add(ENDPOINTS.historySummary, readSummary);
  add(ENDPOINTS.historyCounter, readCounter);
  add(ENDPOINTS.historyStates, readStates);
  add(ENDPOINTS.historyCalculated, readCalculated);
  add(ENDPOINTS.historyModified, readModified);
  add(ENDPOINTS.historyAnnotations, readAnnotations);
  addRoute(server, ENDPOINTS.annotate, ({ body }) => annotateHistory(historian, body));
  addRoute(server, ENDPOINTS.historyEdits, ({ body }) => editHistory(historian, body));
  addRoute(server, ENDPOINTS.historyImport, ({ body }) => importHistory(historian, body));
}

/** Asks only once it is clear that the answer can be given in a form that the client takes. */
export async function answerColumns(
  { request, reply }: Exchange,
  ask: () => Outcome<ColumnAnswer> | Promise<Outcome<ColumnAnswer>>,
  toJson: Encode = answerJson,
): Promise<Outcome<unknown> | undefined> {
  const form = preferred(request.headers.accept, OFFERED);
  if (!form) {
    return refusal('request.not-acceptable', `The answer comes as ${OFFERED.join(', ')}; none of them is accepted.`);
  }
  const outcome = await ask();
  if (!outcome.ok) return outcome;
  const { next } = outcome.value;
  if (next !== null) reply.header('link', nextLink(request, next));
  const encode = form === JSON_TYPE ? toJson : FORMS[form].encode;
  await sendBody(request, reply, FORMS[form].type, encode(outcome.value));
  return undefined;
}

function nextLink(request: FastifyRequest, cursor: string): string {
  const url = new URL(request.url, 'http://localhost');
  url.searchParams.set('cursor', cursor);
  return `<${url.pathname}${url.search}>; rel="next"`;
}
