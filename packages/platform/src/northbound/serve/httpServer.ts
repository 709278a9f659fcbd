/** The web server: who may ask, how, and what is said when something is wrong. */

import type { Socket } from 'node:net';
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
const READ_METHODS = new Set(['GET', 'HEAD']);

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
  server.addHook('onRequest', checkRequest);
  server.setNotFoundHandler((request, reply) => answerUnknownRoute(request, reply, webRoot));
  server.setErrorHandler((error, request, reply) => {
    const { statusCode = 500 } = error as { statusCode?: number };
    if (statusCode < 500) return sendProblem(reply, { code: 'request.malformed', detail: (error as Error).message });
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
  if (!READ_METHODS.has(request.method)) {
    const detail = `${request.method} ${request.url} was refused.`;
    return sendProblem(reply.header('allow', 'GET, HEAD'), { code: 'request.method', detail });
  }
  return undefined;
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
