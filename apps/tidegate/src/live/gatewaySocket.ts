/** The socket in the data directory of a gateway on this machine: one question, one answer in JSON. */

import { request } from 'node:http';
import { join } from 'node:path';
import { type Fault, failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { LIVE_DIRECTORY, LIVE_SOCKET } from '@tidegate/core/port/liveView.ts';

const TIMEOUT_MS = 5_000;

export class GatewaySocket {
  readonly #path: string;

  constructor(directory: string) {
    this.#path = join(directory, LIVE_DIRECTORY, LIVE_SOCKET);
  }

  /** With a body it is a POST. Faults: `live.unreachable`, `api.answer`, and what the gateway answers. */
  async ask<Answer extends object>(path: string, body?: object): Promise<Result<Answer>> {
    const answer = await this.#send(path, body === undefined ? undefined : JSON.stringify(body));
    if (!answer.ok) return answer;
    try {
      const read = JSON.parse(answer.value) as Answer | { readonly fault: Fault };
      return 'fault' in read ? { ok: false, fault: read.fault as Fault } : success(read);
    } catch {
      return failure('api.answer', `What answers at ${this.#path} is no gateway.`);
    }
  }

  #send(path: string, body: string | undefined): Promise<Result<string>> {
    return new Promise((resolve) => {
      const fail = (error: NodeJS.ErrnoException) => {
        const why = error.code ?? error.message;
        resolve(failure('live.unreachable', `No gateway answers at ${this.#path} (${why}).`));
      };
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const method = body === undefined ? 'GET' : 'POST';
      const asked = request({ socketPath: this.#path, path, method, agent: false, signal }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('error', fail);
        response.on('data', (part: string) => {
          text += part;
        });
        response.on('end', () => resolve(success(text)));
      });
      asked.on('error', fail).end(body);
    });
  }
}
