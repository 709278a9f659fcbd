/** The UDP socket that datagrams arrive at, and what the kernel did with those that it could not keep. */

import { createSocket, type Socket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';

export interface ReceivingSocketOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly bufferBytes: number;
  readonly onDatagram: (datagram: Uint8Array, from: string) => void;
}

/** Fault: `boundary.port`. */
export function openReceivingSocket(options: ReceivingSocketOptions): Promise<Result<ReceivingSocket>> {
  const { host, port, bufferBytes, onDatagram } = options;
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  return new Promise((resolve) => {
    socket.once('error', (error) => resolve(failure('boundary.port', `${host}:${port}: ${error.message}`)));
    socket.on('message', (datagram, from) => onDatagram(datagram, from.address));
    socket.bind({ address: host, port, exclusive: true }, () => {
      socket.removeAllListeners('error').on('error', () => {});
      // The kernel gives as much as `net.core.rmem_max` allows and says nothing.
      socket.setRecvBufferSize(bufferBytes);
      resolve(success(new ReceivingSocket(socket)));
    });
  });
}

export class ReceivingSocket {
  readonly #socket: Socket;
  /** The kernel counts twice what one asks for: half is for its own bookkeeping (socket(7), SO_RCVBUF). */
  readonly bufferBytes: number;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.bufferBytes = socket.getRecvBufferSize() / 2;
  }

  get port(): number {
    return this.#socket.address().port;
  }

  /** Datagrams that came while the buffer was full; `undefined` where the system does not tell. */
  get kernelDrops(): number | undefined {
    const { port, family } = this.#socket.address();
    try {
      return dropsOf(readFileSync(family === 'IPv6' ? '/proc/net/udp6' : '/proc/net/udp', 'utf8'), port);
    } catch {
      return undefined;
    }
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#socket.close(() => resolve()));
  }
}

/** The last column of the line whose local address ends with `port`, as Linux writes `/proc/net/udp`. */
export function dropsOf(table: string, port: number): number | undefined {
  const end = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  for (const line of table.split('\n')) {
    const columns = line.trim().split(/\s+/);
    if (columns[1]?.endsWith(end)) return Number(columns.at(-1));
  }
  return undefined;
}
