/** The web server: who may ask, how, and what is said when something is wrong. */

import type { Socket } from 'node:net';
import type { FaultCode } from '@tidegate/core/fault/faultTable.ts';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import { isForeignPage, isLoopbackAuthority } from '../../identity/loopbackRule.ts';
import { API_ROOT, ENDPOINTS } from '../contract/endpoint.ts';
import { problemJson } from '../encoding/problemJson.ts';
import { nearestNames } from '../rest/nearestNames.ts';
import { RESPONSE_HEADERS } from './responseHeaders.ts';
import { sendProblem } from './sendProblem.ts';
import { opensView, pathOf, sendNoConsole, sendPage } from './webConsole.ts';

/** Where the server says what is not an answer; pino's loggers fit. */
export interface NorthboundLog {
  info(message: string): void;
  warn(message: string): void;
  error(error: unknown, message: string): void;
}

/** Tag paths go into one segment of an address; the router's own limit of 100 is too short for them. */
const MAX_SEGMENT_LENGTH = 2_000;
/** Long enough for the slowest honest client to send its headers, short enough that idle connections do not pile up. */
const REQUEST_TIMEOUT_MS = 30_000;
const READ_METHODS = ['GET', 'HEAD'];
/** By address what may be written there; nowhere else is anything but reading. */
const WRITE_PATHS = new Set(
  Object.values(ENDPOINTS).flatMap(({ method, path }) => (method === 'POST' ? [`${API_ROOT}${path}`] : [])),
);
const READ_PATHS = new Set(
  Object.values(ENDPOINTS).flatMap(({ method, path }) => (method === 'GET' ? [`${API_ROOT}${path}`] : [])),
);
/** What Fastify says of a body, as faults of ours. */
const BODY_FAULTS: Readonly<Record<string, FaultCode>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'request.media-type',
  FST_ERR_CTP_BODY_TOO_LARGE: 'request.too-large',
};

/** `webRoot` is where the page of the console is looked for; without it there is no console. */
export function createHttpServer(webRoot: string | undefined, log: NorthboundLog): FastifyInstance {
  const server = fastify({
    forceCloseConnections: true,
    requestTimeout: REQUEST_TIMEOUT_MS,
    routerOptions: { maxParamLength: MAX_SEGMENT_LENGTH },
    clientErrorHandler: refuseMalformed,
    frameworkErrors: (error, _request, reply) => {
      sendProblem(reply.headers(RESPONSE_HEADERS), { code: 'request.malformed', detail: error.message });
    },
  });
  // A page of another site can make a browser send plain text without asking first, but not JSON.
  server.removeContentTypeParser('text/plain');
  server.addHook('onRequest', checkRequest);
  server.setNotFoundHandler((request, reply) => answerUnknownRoute(request, reply, webRoot));
  server.setErrorHandler((error, request, reply) => {
    const { statusCode = 500, code = '', message } = error as Error & { statusCode?: number; code?: string };
    const fault = BODY_FAULTS[code] ?? 'request.malformed';
    if (statusCode < 500) return sendProblem(reply, { code: fault, detail: message });
    log.error(error, `${request.method} ${request.url} failed`);
    return sendProblem(reply, { code: 'server.bug', detail: 'The log of the server holds the details.' });
  });
  return server;
}

async function checkRequest(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
  reply.headers(RESPONSE_HEADERS);
  if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store');
  const { host } = request.headers;
  if (!isLoopbackAuthority(host)) {
    const detail = `The request is for the host "${host ?? ''}", and this server is not that host.`;
    return sendProblem(reply, { code: 'identity.host', detail });
  }
  if (isForeignPage(request.headers)) {
    const detail = `The browser says that ${request.url} was asked for by a page of another site.`;
    return sendProblem(reply, { code: 'identity.foreign-page', detail });
  }
  const allowed = allowedMethods(pathOf(request));
  if (!allowed.includes(request.method)) {
    const detail = `${request.method} ${request.url} was refused.`;
    return sendProblem(reply.header('allow', allowed.join(', ')), { code: 'request.method', detail });
  }
  if (request.method === 'POST' && !isOwnPage(request)) {
    const detail = `The browser says that ${request.url} was sent by a page of another origin.`;
    return sendProblem(reply, { code: 'identity.foreign-page', detail });
  }
  return undefined;
}

function allowedMethods(path: string): readonly string[] {
  if (!WRITE_PATHS.has(path)) return READ_METHODS;
  return READ_PATHS.has(path) ? [...READ_METHODS, 'POST'] : ['POST'];
}

/** Nothing is written on behalf of a page from elsewhere, be it another port of this machine (W3C Fetch Metadata). */
function isOwnPage({ headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  const isSameSite = site === undefined || site === 'same-origin' || site === 'none';
  return isSameSite && (headers.origin === undefined || headers.origin === `http://${headers.host}`);
}

async function answerUnknownRoute(
  request: FastifyRequest,
  reply: FastifyReply,
  webRoot: string | undefined,
): Promise<FastifyReply> {
  if (opensView(request)) {
    return webRoot === undefined ? sendNoConsole(reply) : sendPage(reply, webRoot);
  }
  const pathname = pathOf(request);
  const known = Object.values(ENDPOINTS).map((endpoint) => `${API_ROOT}${endpoint.path}`);
  const suggestions = nearestNames(pathname, known);
  return sendProblem(reply, { code: 'request.route-unknown', detail: `There is no ${pathname}.` }, { suggestions });
}

/** Bytes that are no HTTP never become a request: they are answered on the socket. */
function refuseMalformed(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify(problemJson({ code: 'request.malformed', detail: error.message }));
  socket.end(
    'HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-type: application/problem+json; charset=utf-8\r\n' +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
