/** Serves the built web console: files from one directory, and its page for every address that the console itself knows. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendProblem } from './sendProblem.ts';

const PAGE = 'index.html';
/** The build puts a hash of the content into the names of these files: a name never means anything else. */
const HASHED = /\/assets\/[^/]+-[\w-]{8,}\.\w+$/;
const FOREVER = 'public, max-age=31536000, immutable';
const ASK_EACH_TIME = 'no-cache';

/** False where the directory holds no console. */
export async function serveWebConsole(server: FastifyInstance, webRoot: string): Promise<boolean> {
  if ((await readPage(webRoot)) === undefined) return false;
  await server.register(fastifyStatic, {
    root: path.resolve(webRoot),
    index: false,
    cacheControl: false,
    setHeaders: (reply, file) => {
      reply.header('cache-control', HASHED.test(file.replaceAll(path.sep, '/')) ? FOREVER : ASK_EACH_TIME);
    },
  });
  const answerPage = (_: FastifyRequest, reply: FastifyReply) => sendPage(reply, webRoot);
  server.get('/', answerPage);
  server.get(`/${PAGE}`, answerPage);
  return true;
}

/** Whether a request that found no route is a browser that opens a view of the console. */
export function opensView(request: FastifyRequest): boolean {
  const pathname = pathOf(request);
  const isFile = path.posix.extname(pathname) !== '';
  return !isFile && !pathname.startsWith('/api') && (request.headers.accept ?? '').includes('text/html');
}

/** The address without its query. It is not taken for a URL, because what a client sends need not be one. */
export function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0];
}

/** The page is read anew each time, so that a new build shows without a restart. */
export async function sendPage(reply: FastifyReply, webRoot: string): Promise<FastifyReply> {
  const page = await readPage(webRoot);
  if (page === undefined) return sendNoConsole(reply);
  return reply.header('cache-control', ASK_EACH_TIME).type('text/html; charset=utf-8').send(page);
}

export function sendNoConsole(reply: FastifyReply): FastifyReply {
  return sendProblem(reply, { code: 'northbound.no-console', detail: 'There is no page to show.' });
}

async function readPage(webRoot: string): Promise<string | undefined> {
  try {
    return await readFile(path.join(webRoot, PAGE), 'utf8');
  } catch {
    return undefined;
  }
}
