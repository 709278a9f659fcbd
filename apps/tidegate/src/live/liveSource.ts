/** Asks a gateway on this machine what it reads, over the socket in its data directory. */

import { type Result, success } from '@tidegate/core/fault/fault.ts';
import { LIVE_ADDRESS, type LiveTag, type LiveView, MAX_LIVE_TAGS } from '@tidegate/core/port/liveView.ts';
import { GatewaySocket } from './gatewaySocket.ts';

export interface LivePlace {
  readonly pattern: string;
  readonly from: number;
  readonly count: number;
}

export class LiveSource {
  readonly #socket: GatewaySocket;

  constructor(directory: string) {
    this.#socket = new GatewaySocket(directory);
  }

  /** Faults: `live.unreachable`, `api.answer`, and what the gateway answers, such as `request.invalid`. */
  read({ pattern, from, count }: LivePlace): Promise<Result<LiveView>> {
    const query = new URLSearchParams({ tags: pattern, from: String(from), count: String(count) });
    return this.#socket.ask<LiveView>(`${LIVE_ADDRESS}?${query}`);
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
}

/** A pattern as it is; a part of a path stands for every tag that has it. */
export function livePattern(text: string): string {
  if (text === '') return '**';
  return text.includes('*') ? text : `**/*${text.replaceAll(/^\/+|\/+$/g, '')}*/**`;
}
