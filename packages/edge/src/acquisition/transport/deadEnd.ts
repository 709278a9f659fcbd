/** A medium that leads nowhere: what is sent is kept, and reaches no device. */

import { Duplex } from 'node:stream';
import type { OpenMedium } from './openMedium.ts';

export class DeadEnd implements OpenMedium<Duplex> {
  readonly stream: Duplex;
  readonly ended: Promise<string>;
  /** Bytes that would have gone to a device. */
  sentBytes = 0;
  /** Whether the connection has been given up. */
  released = false;
  readonly #end: (why: string) => void;

  constructor() {
    const { promise, resolve } = Promise.withResolvers<string>();
    this.ended = promise;
    this.#end = resolve;
    this.stream = new Duplex({
      read: () => {},
      write: (chunk: Uint8Array, _encoding, done) => {
        this.sentBytes += chunk.length;
        done();
      },
    });
  }

  release(): void {
    this.released = true;
    this.stream.destroy();
    this.#end('it was let go');
  }
}
