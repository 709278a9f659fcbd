/**
 * Stands between client and server and lets messages disappear, as if they had been lost between the queues of the server and its
 * network. The numbers of the chunks are counted anew, so that only the messages are missing.
 */

import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface MessageProxy {
  readonly port: number;
  /** Asked of each message of the server, with the number of its type (829 is the answer to a publish request); true lets it pass. */
  passes: (message: number, frame: Buffer) => boolean;
  /** What the client has asked for, by the numbers of the messages. */
  readonly asked: number[];
  /** Breaks all connections. */
  cut(): void;
  close(): Promise<void>;
}

const SIZE_AT = 4;
const SEQUENCE_AT = 16;
const TYPE_AT = 24;
const FOUR_BYTE_ID = 1;

export async function startMessageProxy(serverPort: number): Promise<MessageProxy> {
  const sockets = new Set<Socket>();
  const asked: number[] = [];
  const server = createServer((client) => {
    const upstream = connect(serverPort, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    }
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
    eachMessage(client, (frame) => {
      asked.push(messageOf(frame));
      upstream.write(frame);
    });
    let skipped = 0;
    eachMessage(upstream, (frame) => {
      const secured = frame.toString('latin1', 0, 3) === 'MSG';
      if (secured) frame.writeUInt32LE(frame.readUInt32LE(SEQUENCE_AT) - skipped, SEQUENCE_AT);
      if (!secured || proxy.passes(messageOf(frame), frame)) client.write(frame);
      else skipped++;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: MessageProxy = {
    port: (server.address() as AddressInfo).port,
    passes: () => true,
    asked,
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      proxy.cut();
      await closed;
    },
  };
  return proxy;
}

function eachMessage(socket: Socket, take: (frame: Buffer) => void): void {
  let bytes = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    for (let size = sizeOf(bytes); size > 0 && bytes.length >= size; size = sizeOf(bytes)) {
      take(Buffer.from(bytes.subarray(0, size)));
      bytes = bytes.subarray(size);
    }
  });
}

function sizeOf(bytes: Buffer): number {
  return bytes.length < SIZE_AT + 4 ? 0 : bytes.readUInt32LE(SIZE_AT);
}

function messageOf(frame: Buffer): number {
  const told =
    frame.toString('latin1', 0, 4) === 'MSGF' && frame.length > TYPE_AT + 4 && frame[TYPE_AT] === FOUR_BYTE_ID;
  return told ? frame.readUInt16LE(TYPE_AT + 2) : 0;
}
