/** A TCP proxy between the ends that can do what lines do: be cut, fall silent without closing, or change what passes. */

import { connect, createServer, type Server, type Socket } from 'node:net';

export class TcpProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Where to connect to; a test may move it. */
  targetPort: number;
  /** Everything is dropped in both directions, and nothing is closed. */
  frozen = false;
  /** Cuts all lines when this many more bytes have passed. */
  cutAfterBytes = Number.POSITIVE_INFINITY;
  /** What becomes of the bytes that pass, in either direction. */
  fault: (chunk: Buffer) => Buffer = (chunk) => chunk;
  /** Lines opened since the proxy started. */
  opened = 0;
  cuts = 0;

  private constructor(server: Server, targetPort: number) {
    this.#server = server;
    this.targetPort = targetPort;
    server.on('connection', (socket) => this.#join(socket));
  }

  static async start(targetPort: number): Promise<TcpProxy> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new TcpProxy(server, targetPort);
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  cut(): void {
    this.cuts++;
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #join(near: Socket): void {
    this.opened++;
    const far = connect(this.targetPort, '127.0.0.1');
    this.#pass(near, far);
    this.#pass(far, near);
  }

  #pass(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.setNoDelay(true);
    from.on('error', () => {});
    from.on('data', (chunk: Buffer) => {
      if (this.frozen) return;
      this.cutAfterBytes -= chunk.length;
      if (this.cutAfterBytes <= 0) {
        this.cutAfterBytes = Number.POSITIVE_INFINITY;
        to.write(chunk.subarray(0, chunk.length >> 1));
        setImmediate(() => this.cut());
        return;
      }
      if (!to.write(this.fault(chunk))) {
        from.pause();
        to.once('drain', () => from.resume());
      }
    });
    from.on('close', () => {
      this.#sockets.delete(from);
      if (!this.frozen) to.destroy();
    });
  }
}
