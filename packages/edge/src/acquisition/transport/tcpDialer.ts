/** Connects to a device over TCP, with TLS where the device has it; both sides then prove who they are. */

import { connect as connectTcp, isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { checkServerIdentity, connect as connectTls } from 'node:tls';
import type { Clock } from '@tidegate/core/clock/clock.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { connectionFault } from './connectionDefect.ts';
import type { TcpMedium } from './medium.ts';
import { type MediumOpener, type OpenMedium, untilAborted } from './openMedium.ts';
import { socketMedium } from './socketMedium.ts';
import { readTlsIdentity, type TlsIdentity } from './tlsIdentity.ts';

const NO_HANDSHAKE = 'broke the TLS handshake off: it refuses our certificate, or speaks no TLS on this port';

export class TcpDialer implements MediumOpener<Duplex> {
  readonly #medium: TcpMedium;
  readonly #clock: Clock;

  constructor(medium: TcpMedium, clock: Clock) {
    this.#medium = medium;
    this.#clock = clock;
  }

  async open(signal: AbortSignal): Promise<Result<OpenMedium<Duplex>>> {
    const { tls } = this.#medium;
    const identity = tls && (await readTlsIdentity(tls));
    if (identity && !identity.ok) return identity;
    return this.#dial(identity?.value, signal);
  }

  async close(): Promise<void> {}

  async #dial(identity: TlsIdentity | undefined, signal: AbortSignal): Promise<Result<OpenMedium<Duplex>>> {
    const { host, port, connectTimeoutMs } = this.#medium;
    const where = `${host}:${port}`;
    let socket: Socket | undefined;
    let cancelTimeout = () => {};
    const otherwise = identity ? NO_HANDSHAKE : 'cannot be connected to';
    const stopped = failure('link.connect', `stopped while connecting to ${where}`);
    const connected = await untilAborted<Socket>(signal, stopped, (settle) => {
      const dialed = identity ? this.#connectTls(identity) : connectTcp({ host, port });
      socket = dialed;
      dialed.once('error', (error) => settle(connectionFault(where, error, otherwise)));
      dialed.once(identity ? 'secureConnect' : 'connect', () => settle(success(dialed)));
      cancelTimeout = this.#clock.after(connectTimeoutMs, () => {
        settle(failure('link.connect', `${where} did not answer within ${connectTimeoutMs} ms`));
      });
    });
    cancelTimeout();
    if (connected.ok) return success(socketMedium(connected.value));
    socket?.on('error', () => {}).destroy();
    return connected;
  }

  #connectTls(identity: TlsIdentity): Socket {
    const { host, port, tls } = this.#medium;
    const name = tls?.serverName ?? host;
    return connectTls({
      ...identity,
      host,
      port,
      // Otherwise NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment would have us trust everybody.
      rejectUnauthorized: true,
      // RFC 6066, 3: a name that is sent along is never an address.
      servername: isIP(name) ? '' : name,
      checkServerIdentity: (_, certificate) => checkServerIdentity(name, certificate),
    });
  }
}
