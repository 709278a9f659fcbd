/** Connections that have not shown a certificate yet: strangers, of whom only so many may wait at a time. */

import type { Socket } from 'node:net';

/**
 * Invariant: at most `limit` strangers hold a socket. One more costs the one that has waited longest its place: a gateway
 * needs some milliseconds for its handshake, whoever needs longer can wait outside.
 */
export class Handshakes {
  readonly #limit: number;
  readonly #waiting = new Map<string, Socket>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get count(): number {
    return this.#waiting.size;
  }

  begin(socket: Socket): void {
    const peer = peerAddress(socket);
    this.#waiting.set(peer, socket);
    socket.once('close', () => {
      if (this.#waiting.get(peer) === socket) this.#waiting.delete(peer);
    });
    if (this.#waiting.size > this.#limit) {
      const [[longest, stranger]] = this.#waiting;
      this.#waiting.delete(longest);
      stranger.destroy();
    }
  }

  /** The peer of `socket` has shown a certificate that we trust. */
  end(socket: Socket): void {
    this.#waiting.delete(peerAddress(socket));
  }

  close(): void {
    for (const socket of this.#waiting.values()) socket.destroy();
  }
}

/**
 * As `peerAddress` of a socket that TLS has given up: it is closed by then, and only the plain socket below it remembers
 * the far end, which Node has no public name for.
 */
export function strangerAddress(socket: Socket & { readonly _parent?: Socket }): string {
  return peerAddress(socket._parent ?? socket);
}

/** `address:port` of the far end; it stays the same from the plain socket to the one under TLS. */
export function peerAddress(socket: Socket): string {
  return `${socket.remoteAddress}:${socket.remotePort}`;
}
