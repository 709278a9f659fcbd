/**
 * Where a server fetches: it opens connections to the relay, and the relay uses one after the other as if it had opened it.
 *
 * Nothing is heard here: the connection goes to a line of the forwarder, which speaks first, as the client of TLS, and
 * only with who proves to be the server.
 */

import { createServer, type Server, type Socket } from 'node:net';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';

/** A server keeps a few spare ones here; of more than these the oldest goes. */
const MAX_WAITING = 16;
/** A server that is gone without a word is found out. */
const KEEP_ALIVE_MS = 5_000;

export class FetchDoor {
  readonly #server: Server;
  readonly #waiting: Socket[] = [];
  readonly #takers = new Set<() => void>();

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket) => this.#admit(socket));
  }

  /** Fault: `boundary.port`. */
  static listen(host: string, port: number): Promise<Result<FetchDoor>> {
    const server = createServer({ pauseOnConnect: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS });
    const door = new FetchDoor(server);
    return new Promise((resolve) => {
      server.once('error', ({ message }) => {
        resolve(failure('boundary.port', `${host}:${port} cannot be listened on: ${message}`));
      });
      server.listen(port, host, () => resolve(success(door)));
    });
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  /** The connection that came last, or the next one; `undefined` once `signal` has aborted. */
  async take(signal: AbortSignal): Promise<Socket | undefined> {
    while (!signal.aborted) {
      const socket = this.#waiting.pop();
      if (socket) return socket;
      await this.#arrival(signal);
    }
    return undefined;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#waiting.splice(0)) socket.destroy();
    await closed;
  }

  #admit(socket: Socket): void {
    socket.on('error', () => {});
    socket.once('close', () => {
      const at = this.#waiting.indexOf(socket);
      if (at >= 0) this.#waiting.splice(at, 1);
    });
    this.#waiting.push(socket);
    if (this.#waiting.length > MAX_WAITING) this.#waiting[0].destroy();
    const [taker] = this.#takers;
    taker?.();
  }

  #arrival(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const finish = () => {
        this.#takers.delete(finish);
        signal.removeEventListener('abort', finish);
        resolve();
      };
      this.#takers.add(finish);
      signal.addEventListener('abort', finish);
    });
  }
}
