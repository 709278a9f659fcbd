/** The other end of a link, for tests: a real socket that behaves as badly as a test asks it to. */

import { type AddressInfo, createServer, type Socket } from 'node:net';

export interface TestPeer {
  readonly port: number;
  /** How many connections have been taken so far. */
  readonly connections: number;
  /** The connections that are open now. */
  readonly sockets: ReadonlySet<Socket>;
  close(): Promise<void>;
}

/** Listens on a free port of the loopback, or on `port`; `onRequest` is called with each piece of bytes that comes. */
export async function openTestPeer(onRequest: (bytes: Buffer, socket: Socket) => void, port = 0): Promise<TestPeer> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    connections++;
    sockets.add(socket);
    socket.on('data', (bytes: Buffer) => onRequest(bytes, socket));
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    sockets,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** A port on which nobody listens. */
export async function closedPort(): Promise<number> {
  const peer = await openTestPeer(() => {});
  await peer.close();
  return peer.port;
}
