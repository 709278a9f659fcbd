/** The routes under `/api/v1`: each endpoint of the contract with what answers it. */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { API_ROOT, ENDPOINTS, type Endpoint } from '../contract/endpoint.ts';
import { boundaryJson } from '../encoding/boundaryJson.ts';
import { latestRows } from '../encoding/latestRows.ts';
import { ledgerJson } from '../encoding/ledgerJson.ts';
import type { BoundaryConnections, NorthboundHistorian } from '../encoding/northboundHistorian.ts';
import { faultListJson } from '../encoding/problemJson.ts';
import { seriesCsv } from '../encoding/seriesCsv.ts';
import type { LiveHub } from '../live/liveHub.ts';
import { deviceListJson } from '../rest/deviceList.ts';
import type { IngestRate } from '../rest/ingestRate.ts';
import { openApiDocument } from '../rest/openApi.ts';
import { answer, type Outcome } from '../rest/outcome.ts';
import { type ParsedRequest, readRequest } from '../rest/requestReader.ts';
import { readSeriesPage, seriesJson } from '../rest/seriesRead.ts';
import { type ServedProcess, serverStatusJson } from '../rest/serverStatusJson.ts';
import { listTags, tagJson } from '../rest/tagList.ts';
import { lookUpFilter, lookUpTag } from '../rest/tagLookup.ts';
import { EVENT_STREAM_HEADERS, openLiveStream } from './liveRoute.ts';
import { sendProblem } from './sendProblem.ts';

/** Everything that the endpoints speak for. */
export interface ServedParts {
  readonly historian: NorthboundHistorian;
  readonly connections: BoundaryConnections | undefined;
  readonly clock: Clock;
  readonly hub: LiveHub;
  readonly rate: IngestRate;
  readonly served: ServedProcess;
}

type RequestOf<E extends Endpoint> = ParsedRequest<z.output<E['params']>, z.output<E['query']>>;

export function addApiRoutes(server: FastifyInstance, parts: ServedParts): void {
  const { historian, connections, clock, hub, rate, served } = parts;
  const openApi = openApiDocument(served.version);
  addRoute(server, ENDPOINTS.tags, ({ query }) => listTags(historian, query));
  addRoute(server, ENDPOINTS.tag, ({ params }) => {
    const tag = lookUpTag(historian, params.tag);
    return tag.ok ? answer(tagJson(historian, tag.value, true)) : tag;
  });
  addRoute(server, ENDPOINTS.samples, (request, exchange) => answerSamples(parts, request, exchange));
  addRoute(server, ENDPOINTS.latest, ({ query }) => {
    const tags = lookUpFilter(historian, query.tags);
    return tags.ok ? answer(latestRows(historian, tags.value ?? historian.tags().map((tag) => tag.index))) : tags;
  });
  addRoute(server, ENDPOINTS.live, ({ query }, exchange) => answerLive(parts, query.tags, exchange));
  addRoute(server, ENDPOINTS.devices, () => answer(deviceListJson(historian, clock.now())));
  addRoute(server, ENDPOINTS.boundary, () => answer(boundaryJson(historian, connections, clock.now())));
  addRoute(server, ENDPOINTS.ledger, () => answer(ledgerJson(historian.ledgers(), clock.now())));
  addRoute(server, ENDPOINTS.status, async () => answer(await serverStatusJson(served, historian, hub, rate, clock)));
  addRoute(server, ENDPOINTS.faults, () => answer(faultListJson()));
  addRoute(server, ENDPOINTS.openapi, () => answer(openApi));
}

/** The two sides of what is going on at the web server. */
interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** `undefined` from a handler means that it has answered by itself. */
type Handler<E extends Endpoint> = (
  request: RequestOf<E>,
  exchange: Exchange,
) => Outcome<unknown> | undefined | Promise<Outcome<unknown> | undefined>;

function addRoute<E extends Endpoint>(server: FastifyInstance, endpoint: E, handle: Handler<E>): void {
  const url = `${API_ROOT}${endpoint.path.replaceAll(/\{(\w+)\}/g, ':$1')}`;
  server.get(url, async (request, reply) => {
    const parsed = readRequest(endpoint, request);
    if (!parsed.ok) return sendProblem(reply, parsed.fault, parsed.extras);
    const outcome = await handle(parsed.value as RequestOf<E>, { request, reply });
    if (outcome === undefined) return reply;
    if (!outcome.ok) return sendProblem(reply, outcome.fault, outcome.extras);
    return sendJson(reply, outcome.value);
  });
}

async function answerSamples(
  { historian, clock }: ServedParts,
  { params, query }: RequestOf<typeof ENDPOINTS.samples>,
  { request, reply }: Exchange,
): Promise<Outcome<unknown> | undefined> {
  const tag = lookUpTag(historian, params.tag);
  if (!tag.ok) return tag;
  const page = await readSeriesPage(historian, tag.value, query, clock.now());
  if (!page.ok) return page;
  if (!prefersCsv(request)) return answer(seriesJson(tag.value, page.value));
  if (page.value.next !== null) reply.header('link', nextLink(request, page.value.next));
  reply.type('text/csv; charset=utf-8; header=present').send(seriesCsv(page.value.series));
  return undefined;
}

async function answerLive(
  { historian, hub }: ServedParts,
  list: string | undefined,
  { request, reply }: Exchange,
): Promise<Outcome<unknown> | undefined> {
  const tags = lookUpFilter(historian, list);
  if (!tags.ok) return tags;
  const admitted = hub.admit();
  if (!admitted.ok) return { ...admitted, extras: {} };
  if (request.method === 'HEAD') reply.headers(EVENT_STREAM_HEADERS).send();
  else openLiveStream(hub, reply, tags.value);
  return undefined;
}

/** The media types in the order in which they are named; the finer points of RFC 9110, 12.5.1, decide nothing here. */
function prefersCsv(request: FastifyRequest): boolean {
  const accept = request.headers.accept ?? '';
  const csvAt = accept.indexOf('text/csv');
  const jsonAt = accept.indexOf('application/json');
  return csvAt >= 0 && (jsonAt < 0 || csvAt < jsonAt);
}

function nextLink(request: FastifyRequest, cursor: string): string {
  const url = new URL(request.url, 'http://localhost');
  url.searchParams.set('cursor', cursor);
  return `<${url.pathname}${url.search}>; rel="next"`;
}

/** The contract has no field that needs a schema to be written: `JSON.stringify` is the fastest and changes nothing. */
function sendJson(reply: FastifyReply, body: unknown): FastifyReply {
  return reply.type('application/json; charset=utf-8').send(JSON.stringify(body));
}
