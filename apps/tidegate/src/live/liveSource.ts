/** Asks a gateway on this machine what it reads, over the socket in its data directory. */

import { request } from 'node:http';
import { join } from 'node:path';
import { type Fault, failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import {
  LIVE_ADDRESS,
  LIVE_DIRECTORY,
  LIVE_SOCKET,
  type LiveTag,
  type LiveView,
  MAX_LIVE_TAGS,
} from '@tidegate/core/port/liveView.ts';

export interface LivePlace {
  readonly pattern: string;
  readonly from: number;
  readonly count: number;
}

const TIMEOUT_MS = 5_000;

export class LiveSource {
  readonly #socket: string;

  constructor(directory: string) {
    this.#socket = join(directory, LIVE_DIRECTORY, LIVE_SOCKET);
  }

  /** Faults: `live.unreachable`, `api.answer`, and what the gateway answers, such as `request.invalid`. */
  async read({ pattern, from, count }: LivePlace): Promise<Result<LiveView>> {
    const query = new URLSearchParams({ tags: pattern, from: String(from), count: String(count) });
    const answer = await this.#get(`${LIVE_ADDRESS}?${query}`);
    if (!answer.ok) return answer;
    try {
      const body = JSON.parse(answer.value) as LiveView | { readonly fault: Fault };
      return 'fault' in body ? { ok: false, fault: body.fault } : success(body);
    } catch {
      return failure('api.answer', `What answers at ${this.#socket} is no gateway.`);
    }
  }

  /** Every tag that fits, asked for page by page. */
  async readAll(pattern: string): Promise<Result<LiveView>> {
    const tags: LiveTag[] = [];
    for (;;) {
      const page = await this.read({ pattern, from: tags.length, count: MAX_LIVE_TAGS });
      if (!page.ok) return page;
      tags.push(...page.value.tags);
      if (tags.length >= page.value.matched || page.value.tags.length === 0) {
        return success({ ...page.value, from: 0, tags });
      }
    }
  }

  #get(path: string): Promise<Result<string>> {
    return new Promise((resolve) => {
      const fail = (error: NodeJS.ErrnoException) => {
        const why = error.code ?? error.message;
        resolve(failure('live.unreachable', `No gateway answers at ${this.#socket} (${why}).`));
      };
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const asked = request({ socketPath: this.#socket, path, agent: false, signal }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('error', fail);
        response.on('data', (part: string) => {
          text += part;
        });
        response.on('end', () => resolve(success(text)));
      });
      asked.on('error', fail).end();
    });
  }
}

/** A pattern as it is; a part of a path stands for every tag that has it. */
export function livePattern(text: string): string {
  if (text === '') return '**';
  return text.includes('*') ? text : `**/*${text.replaceAll(/^\/+|\/+$/g, '')}*/**`;
}
