/** Asks the REST interface of a server, and says in one sentence what went wrong where it does not answer. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { FAULTS, type FaultCode } from '@tidegate/core/fault/faultTable.ts';
import type { Problem } from './answers.ts';
import { EventStreamParser, type ServerSentEvent } from './eventStream.ts';

const API_ROOT = '/api/v1';
/** Of the interface of Asset Administration Shells. */
const AAS_ROOT = '/aas/v3';
const REQUEST_TIMEOUT_MS = 10_000;

export type QueryParameters = Readonly<Record<string, string | undefined>>;

export class ServerApi {
  readonly #base: string;

  /** `base` is the address of the console, such as `http://127.0.0.1:8420`. */
  constructor(base: string) {
    this.#base = base.replace(/\/+$/, '');
  }

  /** The JSON answer to GET. Faults: `api.unreachable`, `api.answer` with the detail that the server gives. */
  async get<T>(path: string, query: QueryParameters = {}): Promise<Result<T>> {
    const response = await this.#fetch(`${API_ROOT}${path}`, query, {
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    if (!response.ok) return response;
    try {
      const body: unknown = await response.value.json();
      if (response.value.ok) return success(body as T);
      return faultOf(body as Problem);
    } catch {
      const what = `${this.#base} answers with status ${response.value.status} and without JSON`;
      return failure('api.answer', what);
    }
  }

  /**
   * Whatever is answered to POST with this body, refusals too: see `faultOf`. It takes as long as the server lets it.
   * Fault: `api.unreachable`.
   */
  post(path: string, body: object, accept: string): Promise<Result<Response>> {
    const headers = { 'content-type': 'application/json', accept };
    return this.#fetch(`${API_ROOT}${path}`, {}, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  /** The same for bytes of a content type. Fault: `api.unreachable`. */
  upload(
    path: string,
    query: QueryParameters,
    type: string,
    bytes: Uint8Array<ArrayBuffer>,
  ): Promise<Result<Response>> {
    const headers = { 'content-type': type, accept: 'application/json' };
    return this.#fetch(`${API_ROOT}${path}`, query, { method: 'POST', headers, body: bytes });
  }

  /** Whatever the interface of shells answers to GET, refusals too. Fault: `api.unreachable`. */
  shells(path: string, query: QueryParameters, accept: string): Promise<Result<Response>> {
    return this.#fetch(`${AAS_ROOT}${path}`, query, { headers: { accept } });
  }

  /** The events of a stream until it ends or `signal` aborts; a stream that breaks ends without a throw. */
  async *events(path: string, signal: AbortSignal): AsyncGenerator<ServerSentEvent> {
    const response = await this.#fetch(`${API_ROOT}${path}`, {}, { signal });
    if (!response.ok || !response.value.ok || !response.value.body) return;
    const parser = new EventStreamParser();
    try {
      for await (const piece of response.value.body) yield* parser.push(piece);
    } catch {
      // The server has gone; whoever reads the stream opens it again.
    }
  }

  async #fetch(path: string, query: QueryParameters, init: RequestInit): Promise<Result<Response>> {
    try {
      const url = new URL(`${this.#base}${path}`);
      for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
      return success(await fetch(url, init));
    } catch (error) {
      return failure('api.unreachable', `No server answers at ${this.#base} (${reasonOf(error)}).`);
    }
  }
}

/** The fault that the server names; its detail holds every parameter that is wrong. A newer one may have codes unknown here. */
export function faultOf({ code, detail }: Pick<Problem, 'code' | 'detail'>): ReturnType<typeof failure> {
  return failure(code in FAULTS ? (code as FaultCode) : 'api.answer', detail);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause as NodeJS.ErrnoException | undefined;
  return cause?.code ?? (error.name === 'TimeoutError' ? 'it takes too long' : error.message);
}
