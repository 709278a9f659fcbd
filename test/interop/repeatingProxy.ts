/** Stands between a line and a device, and lets everything that the device says be heard again a little later. */

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export class RepeatingProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(targetPort: number, againAfterMs: number): Promise<RepeatingProxy> {
    const server = createServer();
    const proxy = new RepeatingProxy(server);
    server.on('connection', (line: Socket) => {
      const device = proxy.#track(connect(targetPort, '127.0.0.1'));
      proxy.#track(line).pipe(device);
      device.on('data', (bytes: Buffer) => {
        line.write(bytes);
        if (againAfterMs === 0) line.write(bytes);
        else setTimeout(() => line.write(bytes), againAfterMs);
      });
      device.on('close', () => line.destroy());
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #track(socket: Socket): Socket {
    this.#sockets.add(socket);
    return socket.setNoDelay().on('error', () => {});
  }
}
