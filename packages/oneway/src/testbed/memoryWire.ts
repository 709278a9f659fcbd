/** The near end of a connection without a network: what is pushed is what came, and what is written is kept for a look. */

import { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';

export class MemoryWire extends Duplex {
  readonly remoteAddress = 'memory';
  readonly remotePort = 0;
  readonly written: Uint8Array[] = [];

  /** As the ends of the boundary take it, which ask no more of a socket than is here. */
  get socket(): TLSSocket {
    return this as unknown as TLSSocket;
  }

  setNoDelay(): this {
    return this;
  }

  override _read(): void {}

  override _write(bytes: Uint8Array, _encoding: BufferEncoding, done: () => void): void {
    this.written.push(bytes);
    done();
  }
}
