/** Questions to the server: each gives what the contract promises, or a `ServerFault` that says what went wrong. */

import type { LedgerMinutes } from '@tidegate/platform/northbound/contract/accounts.ts';
import type { DeviceList } from '@tidegate/platform/northbound/contract/device.ts';
import type { RawAnswer } from '@tidegate/platform/northbound/contract/historyAnswer.ts';
import type { Latency } from '@tidegate/platform/northbound/contract/latency.ts';
import type { Policy } from '@tidegate/platform/northbound/contract/policy.ts';
import type { Problem } from '@tidegate/platform/northbound/contract/problem.ts';
import type { ServerStatus } from '@tidegate/platform/northbound/contract/serverStatus.ts';
import type { Tag, TagListQuery, TagPage } from '@tidegate/platform/northbound/contract/tag.ts';

export const API = '/api/v1';
const TAGS_PER_PAGE = 10_000;

/** The server answered with a fault, or did not answer; the message is fit to be shown. */
class ServerFault extends Error {
  override readonly name = 'ServerFault';
  /** The HTTP status; 0 where there was no answer. */
  readonly status: number;

  constructor(message: string, status = 0) {
    super(message);
    this.status = status;
  }
}

export function ask<T>(path: string, signal?: AbortSignal): Promise<T> {
  return answerOf<T>(path, { ...(signal && { signal }) });
}

/** The same; `null` where the server knows nothing of that name. */
export async function askKnown<T>(path: string, signal?: AbortSignal): Promise<T | null> {
  try {
    return await ask<T>(path, signal);
  } catch (error) {
    if (error instanceof ServerFault && error.status === 404) return null;
    throw error;
  }
}

/** Asks with a body, which says what is to be done. */
export function send<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  const said = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  return answerOf<T>(path, { ...said, ...(signal && { signal }) });
}

/** Sends a file as it is; its media type is told by its name or by the browser. */
export function upload<T>(path: string, file: Blob): Promise<T> {
  return answerOf<T>(path, { method: 'POST', headers: { 'content-type': file.type }, body: file });
}

async function answerOf<T>(path: string, request: RequestInit): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(`${API}${path}`, { ...request, headers: { accept: 'application/json', ...request.headers } });
  } catch (error) {
    if (request.signal?.aborted) throw error;
    throw new ServerFault('The server does not answer.');
  }
  if (!answer.ok) throw new ServerFault(await faultOf(answer), answer.status);
  return (await answer.json()) as T;
}

/** What a problem document says (RFC 9457), or the status line where there is none. */
async function faultOf(answer: Response): Promise<string> {
  try {
    const problem = (await answer.json()) as Partial<Problem>;
    return problem.detail ?? problem.title ?? `The server answered ${answer.status}.`;
  } catch {
    return `The server answered ${answer.status} ${answer.statusText}.`;
  }
}

/** Every tag of every gateway, of the plant or of the system as well. */
export async function fetchTags(scope: TagListQuery['scope'], signal?: AbortSignal): Promise<readonly Tag[]> {
  const tags: Tag[] = [];
  let cursor = '';
  do {
    const page: TagPage = await ask<TagPage>(`/tags?scope=${scope}&limit=${TAGS_PER_PAGE}${cursor}`, signal);
    tags.push(...page.tags);
    cursor = page.next === null ? '' : `&cursor=${encodeURIComponent(page.next)}`;
  } while (cursor !== '');
  return tags;
}

export const fetchDevices = (signal?: AbortSignal) => ask<DeviceList>('/devices', signal);

export const fetchStatus = (signal?: AbortSignal) => ask<ServerStatus>('/status', signal);

export const fetchPolicy = (signal?: AbortSignal) => ask<Policy>('/policy', signal);

export const fetchLatency = (signal?: AbortSignal) => ask<Latency>('/latency', signal);

export const fetchLedgerMinutes = (signal?: AbortSignal) => ask<LedgerMinutes>('/ledger/minutes', signal);

export interface SeriesRequest {
  readonly tag: number;
  readonly startMs: number;
  readonly endMs: number;
  /** Samples as stored, the few that make the picture of all, or the value at the start alone. */
  readonly mode: 'raw' | 'plot' | 'at';
  /** Most samples of a raw answer, or the width of the picture in pixels. */
  readonly limit: number;
}

/** The history of one tag, in columns; `hasMore` where the range holds more than was asked for. */
export type Series = Pick<RawAnswer['series'][number], 'valueType' | 'times' | 'values' | 'statuses'> & {
  /** As the server has understood it, in microseconds. */
  readonly start: number;
  readonly hasMore: boolean;
};

export async function fetchSeries(request: SeriesRequest, signal?: AbortSignal): Promise<Series> {
  const { tag, mode, limit } = request;
  const [start, end] = [request.startMs, request.endMs].map((ms) => new Date(ms).toISOString());
  const range = { start, end, [mode === 'raw' ? 'limit' : 'width']: String(limit) };
  const query = new URLSearchParams({ tag: String(tag), ...(mode === 'at' ? { time: start } : range) });
  const { series, start: from, next } = await ask<RawAnswer>(`/history/${mode}?${query}`, signal);
  return { ...series[0], start: from ?? request.startMs * 1_000, hasMore: next !== null };
}
