/** Stands between a line and a device; when it is told to, nothing passes any more and neither side is told. */

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export class HalfDeadProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #dead = false;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(targetPort: number): Promise<HalfDeadProxy> {
    const server = createServer();
    const proxy = new HalfDeadProxy(server);
    server.on('connection', (line: Socket) => {
      const device = connect(targetPort, '127.0.0.1');
      proxy.#pass(line, device);
      proxy.#pass(device, line);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** From now on whatever comes is lost, over new connections too; `false` lets it pass again. */
  set dead(dead: boolean) {
    this.#dead = dead;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #pass(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.setNoDelay().on('error', () => {});
    from.on('data', (bytes: Buffer) => {
      if (!this.#dead) to.write(bytes);
    });
    from.on('close', () => to.destroy());
  }
}
