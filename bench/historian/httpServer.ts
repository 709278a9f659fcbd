/** A server of others that speaks HTTP: requests over connections that stay open. */

import { Agent, type IncomingMessage, request } from 'node:http';

/** Requests on their way at once while feeding: enough for two cores, and for a server that waits for the disk. */
const CONNECTIONS = 4;

export class HttpServer {
  readonly #port: number;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });

  constructor(port: number) {
    this.#port = port;
  }

  /** `target` is path and query. Throws where the status of the answer is not 2xx. */
  exchange(method: 'GET' | 'POST', target: string, body?: Buffer): Promise<Buffer> {
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
    const options = { host: '127.0.0.1', port: this.#port, agent: this.#agent, method, path: target };
    const headers = { 'Content-Length': body?.length ?? 0 };
    const sent = request({ ...options, headers }, (answer) => {
      readAll(answer).then((bytes) => {
        const status = answer.statusCode ?? 0;
        if (status >= 200 && status < 300) resolve(bytes);
        else reject(new Error(`${method} ${target.slice(0, 200)}: ${status} ${bytes.toString().slice(0, 500)}`));
      }, reject);
    });
    sent.on('error', reject);
    sent.end(body);
    return promise;
  }

  /** Seconds until the server has acknowledged all `bodies`. */
  async feed(target: string, bodies: readonly Buffer[]): Promise<number> {
    const begin = performance.now();
    await Promise.all(bodies.map((body) => this.exchange('POST', target, body)));
    return (performance.now() - begin) / 1_000;
  }

  /** Ends the connections. */
  close(): void {
    this.#agent.destroy();
  }
}

async function readAll(answer: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of answer) pieces.push(piece);
  return Buffer.concat(pieces);
}
