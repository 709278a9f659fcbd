/** A line that can only be overheard: what a test feeds comes out of it, byte by byte, at the medium that our tap opens. */

import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Medium } from '@tidegate/edge/acquisition/transport/medium.ts';
import { PtyPair } from './ptyPair.ts';
import { serial, tcp } from './testedLine.ts';

export interface OverheardLine {
  readonly medium: Medium;
  feed(bytes: Uint8Array): Promise<void>;
  stop(): Promise<void>;
}

/** What a serial server hands on to the one who is connected. */
export class SerialServer implements OverheardLine {
  readonly medium: Medium;
  readonly #server: Server;
  readonly #client: Promise<Socket>;
  /** What a tap has sent: nothing, ever. */
  readonly heard: Buffer[] = [];

  private constructor(server: Server) {
    this.#server = server;
    this.medium = tcp((server.address() as AddressInfo).port);
    this.#client = once(server, 'connection').then(([socket]: Socket[]) => {
      socket.on('data', (bytes: Buffer) => this.heard.push(bytes)).on('error', () => {});
      return socket;
    });
  }

  static async start(): Promise<SerialServer> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new SerialServer(server);
  }

  async feed(bytes: Uint8Array): Promise<void> {
    (await this.#client).write(bytes);
  }

  async stop(): Promise<void> {
    this.#server.close();
    (await this.#client).destroy();
  }
}

/** A receiver on a serial port; the other end of the cable is where the bus would be. */
export class SerialReceiver implements OverheardLine {
  readonly medium: Medium;
  readonly #pair: PtyPair;

  private constructor(pair: PtyPair) {
    this.#pair = pair;
    this.medium = serial(pair.ends[1]);
  }

  static async start(): Promise<SerialReceiver> {
    return new SerialReceiver(await PtyPair.start());
  }

  feed(bytes: Uint8Array): Promise<void> {
    return this.#pair.inject(1, bytes);
  }

  stop(): Promise<void> {
    return this.#pair.stop();
  }
}
