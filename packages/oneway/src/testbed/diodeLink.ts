/** A link between the two ends of a diode that does to datagrams what a test wants: real UDP on both sides of it. */

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { DATAGRAM_AT } from '../frame/diode/datagramLayout.ts';

/** What becomes of one datagram: none is a loss, two a duplication. */
export type LinkFault = (datagram: Uint8Array) => readonly Uint8Array[];

const BUFFER_BYTES = 4 * 1024 * 1024;

export class DiodeLink {
  readonly #socket = createSocket('udp4');
  /** Where datagrams go on to. */
  to = 0;
  fault: LinkFault = (datagram) => [datagram];
  passed = 0;
  lost = 0;
  /** While set, everything that comes is kept here too. */
  recording: Uint8Array[] | undefined;

  static async open(): Promise<DiodeLink> {
    const link = new DiodeLink();
    link.#socket.bind(0, '127.0.0.1');
    await once(link.#socket, 'listening');
    link.#socket.setRecvBufferSize(BUFFER_BYTES);
    link.#socket.on('message', (datagram) => link.#take(datagram));
    return link;
  }

  get port(): number {
    return this.#socket.address().port;
  }

  send(datagram: Uint8Array): void {
    this.#socket.send(datagram, this.to, '127.0.0.1', () => {});
  }

  close(): void {
    this.#socket.close();
  }

  #take(datagram: Uint8Array): void {
    this.recording?.push(datagram);
    const passing = this.fault(datagram);
    if (passing.length === 0) this.lost++;
    for (const next of passing) {
      this.passed++;
      this.send(next);
    }
  }
}

/** Numbers in [0, 1), the same on every run: Marsaglia's xorshift with 32 bits. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

export function randomLoss(loss: number, seed: number): LinkFault {
  const random = seededRandom(seed);
  return (datagram) => (random() < loss ? [] : [datagram]);
}

/** Loses datagrams `from` to `from + count - 1` of those that carry symbols. */
export function burstLoss(from: number, count: number): LinkFault {
  let seen = 0;
  return (datagram) => {
    if (datagram[DATAGRAM_AT.kind] !== 1) return [datagram];
    const index = seen++;
    return index >= from && index < from + count ? [] : [datagram];
  };
}
