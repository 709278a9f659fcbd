/** One route: what is asked is read by the contract, then answered or refused. */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { API_ROOT } from '../contract/endpoint.ts';
import { type Endpoint, JSON_TYPE } from '../contract/endpointParts.ts';
import { answer, type Outcome } from '../rest/outcome.ts';
import { type ParsedRequest, readBody, readRequest } from '../rest/requestReader.ts';
import { sendBody } from './sendBody.ts';
import { sendProblem } from './sendProblem.ts';

type BodyOf<E> = E extends { readonly body: { readonly schema: infer S extends z.ZodObject } }
  ? z.output<S>
  : E extends { readonly upload: object }
    ? Uint8Array
    : undefined;

export interface RequestOf<E extends Endpoint> extends ParsedRequest<z.output<E['params']>, z.output<E['query']>> {
  readonly body: BodyOf<E>;
}

/** The two sides of what is going on at the web server. */
export interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** `undefined` from a handler means that it has answered by itself. */
type Handler<E extends Endpoint> = (
  request: RequestOf<E>,
  exchange: Exchange,
) => Outcome<unknown> | undefined | Promise<Outcome<unknown> | undefined>;

/** Parameters and body are read by the contract before `handle` is called. */
export function addRoute<E extends Endpoint>(server: FastifyInstance, endpoint: E, handle: Handler<E>): void {
  const { upload } = endpoint as Endpoint;
  if (!upload) {
    addTo(server, endpoint, handle);
    return;
  }
  server.register(async (apart) => {
    // What this route takes as bytes no other may take, and JSON it does not take.
    apart.removeAllContentTypeParsers();
    apart.addContentTypeParser([...upload.types], { parseAs: 'buffer' }, (_request, bytes, done) => done(null, bytes));
    addTo(apart, endpoint, handle);
  });
}

function addTo<E extends Endpoint>(server: FastifyInstance, endpoint: E, handle: Handler<E>): void {
  const url = `${API_ROOT}${endpoint.path.replaceAll(/\{(\w+)\}/g, ':$1')}`;
  const { method, body, upload } = endpoint as Endpoint;
  const bodyLimit = (body ?? upload)?.maxBytes;
  server.route({
    ...{ method, url, ...(bodyLimit !== undefined && { bodyLimit }) },
    handler: async (request, reply) => {
      const parsed = readRequest(endpoint, request);
      if (!parsed.ok) return sendProblem(reply, parsed.fault, parsed.extras);
      const content = body ? readBody(body.schema, request.body) : answer(upload && bytesOf(request.body));
      if (!content.ok) return sendProblem(reply, content.fault, content.extras);
      const asked = { ...parsed.value, body: content.value } as unknown as RequestOf<E>;
      const outcome = await handle(asked, { request, reply });
      if (outcome === undefined) return reply;
      if (!outcome.ok) return sendProblem(reply, outcome.fault, outcome.extras);
      return sendJson(request, reply, outcome.value);
    },
  });
}

/** A request may have a content type and nothing behind it. */
function bytesOf(body: unknown): Uint8Array {
  return body instanceof Uint8Array ? body : new Uint8Array(0);
}

/** The contract has no field that needs a schema to be written: `JSON.stringify` is the fastest and changes nothing. */
function sendJson(request: FastifyRequest, reply: FastifyReply, body: unknown) {
  return sendBody(request, reply, `${JSON_TYPE}; charset=utf-8`, [JSON.stringify(body)]);
}
