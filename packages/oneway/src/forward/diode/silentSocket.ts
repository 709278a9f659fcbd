/** A UDP socket that sends and cannot receive: it makes no receive call, whatever arrives for it. */

import { createSocket, type Socket } from 'node:dgram';
import { isIP } from 'node:net';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';

/** An IP address, because a name would have to be asked for. */
export interface DiodeTarget {
  readonly host: string;
  readonly port: number;
}

const SEND_BUFFER_BYTES = 1024 * 1024;

/** The part of a socket of Node that starts and ends the reading. */
interface ReadingHandle {
  recvStop(): number;
}

/**
 * Not connected, although it has one target: a connected socket is told of ICMP errors, which are a return path, by failing
 * sends. Fault: `boundary.unreachable`.
 */
export function openSilentSocket({ host, port }: DiodeTarget): Promise<Result<SilentSocket>> {
  const family = isIP(host);
  if (family === 0) return Promise.resolve(failure('boundary.unreachable', `${host} is not an IP address`));
  const socket = createSocket({
    type: family === 4 ? 'udp4' : 'udp6',
    lookup: (address, _options, done) => done(null, address, family),
    recvBufferSize: 1,
    sendBufferSize: SEND_BUFFER_BYTES,
  });
  return new Promise((resolve) => {
    socket.once('error', (error) => resolve(failure('boundary.unreachable', error.message)));
    socket.bind({ port: 0, exclusive: true }, () => {
      // Binding has started the reading in this same turn, before the socket could be looked at even once.
      readingHandleOf(socket).recvStop();
      socket.removeAllListeners('error').on('error', () => {});
      resolve(success(new SilentSocket(socket, host, port)));
    });
  });
}

/** Node shows it under a symbol only. Throws where a later version no longer does: then nothing may be sent. */
function readingHandleOf(socket: Socket): ReadingHandle {
  const symbol = Object.getOwnPropertySymbols(socket).find(({ description }) => description === 'state symbol');
  const state = symbol && (socket as unknown as Record<symbol, { readonly handle?: ReadingHandle }>)[symbol];
  if (typeof state?.handle?.recvStop !== 'function') throw new Error('this version of Node cannot stop a UDP socket');
  return state.handle;
}

export class SilentSocket {
  readonly #socket: Socket;
  readonly #host: string;
  readonly #port: number;
  #failures = 0;

  constructor(socket: Socket, host: string, port: number) {
    this.#socket = socket;
    this.#host = host;
    this.#port = port;
  }

  /** Datagrams that the kernel did not take, as without a route or with a cable drawn. */
  get failures(): number {
    return this.#failures;
  }

  /** Bytes that wait in this process because the kernel's buffer is full. */
  get queuedBytes(): number {
    return this.#socket.getSendQueueSize();
  }

  send(parts: readonly Uint8Array[]): void {
    this.#socket.send(parts, this.#port, this.#host, (error) => {
      if (error) this.#failures++;
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#socket.close(resolve));
  }
}
