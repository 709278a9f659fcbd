/**
 * Waits for a device that calls in, one call at a time.
 *
 * The newest call counts. A device calls again because it has lost its line, while ours may believe in the old connection
 * until a keep-alive fails: the old one is closed, and the next `open` takes the new one.
 *
 * Invariant: whoever calls, one call in use or waiting is held, and a bounded number of handshakes.
 */

import { BlockList, createServer as createTcpServer, isIPv6, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { checkServerIdentity, createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { connectionDefect } from './connectionDefect.ts';
import type { LinkPorts } from './guardedLink.ts';
import type { ListenMedium } from './medium.ts';
import { type MediumOpener, type OpenMedium, untilAborted } from './openMedium.ts';
import { Refusals } from './refusals.ts';
import { socketMedium } from './socketMedium.ts';
import { readTlsIdentity, type TlsIdentity } from './tlsIdentity.ts';

const HANDSHAKE_TIMEOUT_MS = 10_000;
/** One more costs the one that has waited longest its place: a device needs some milliseconds for its handshake. */
const MAX_HANDSHAKES = 8;

const PORT_DEFECTS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program, or another line, holds the port',
  EACCES: 'this user may not open ports below 1024',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'there is no such host',
};

/** A call that has been taken. */
interface Call {
  readonly medium: OpenMedium<Duplex>;
  /** Ends it for a reason of ours. */
  readonly hangUp: (reason: string) => void;
  /** Whether somebody has it who will release it. */
  fetched: boolean;
}

export class CallListener implements MediumOpener<Duplex> {
  readonly #medium: ListenMedium;
  readonly #allowed: BlockList;
  readonly #refusals: Refusals;
  readonly #handshakes = new Set<Socket>();
  #server: Server | undefined;
  #identity: TlsIdentity | undefined;
  #call: Call | undefined;
  #called: () => void = () => {};

  constructor(line: string, medium: ListenMedium, { clock, events }: LinkPorts) {
    this.#medium = medium;
    this.#allowed = listOf(medium.allow);
    this.#refusals = new Refusals('line.call-refused', line, clock, events);
  }

  async open(signal: AbortSignal): Promise<Result<OpenMedium<Duplex>>> {
    const { tls } = this.#medium;
    const identity = tls && (await readTlsIdentity(tls));
    if (identity && !identity.ok) return identity;
    this.#identity = identity?.value;
    const listening = this.#server ? success(undefined) : await this.#listen();
    if (!listening.ok) return listening;
    const stopped = failure('link.connect', `stopped while waiting for a call at ${this.#where}`);
    const call = await untilAborted<Call>(signal, stopped, (settle) => {
      this.#called = () => {
        if (this.#call && !this.#call.fetched) settle(success(this.#call));
      };
      this.#called();
    });
    this.#called = () => {};
    if (!call.ok) return call;
    call.value.fetched = true;
    return success(call.value.medium);
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    for (const socket of this.#handshakes) socket.destroy();
    this.#endCall('the line is closed');
    if (server) await new Promise((resolve) => server.close(resolve));
  }

  get #where(): string {
    return `${this.#medium.host}:${this.#medium.port}`;
  }

  #listen(): Promise<Result<void>> {
    const server = createTcpServer((socket) => this.#admit(socket));
    return new Promise((resolve) => {
      server.once('error', ({ code = '', message }: NodeJS.ErrnoException) => {
        resolve(failure('link.connect', `cannot listen at ${this.#where}: ${PORT_DEFECTS[code] ?? message}`));
      });
      server.listen(this.#medium.port, this.#medium.host, () => {
        this.#server = server;
        server.on('error', () => {});
        resolve(success(undefined));
      });
    });
  }

  /** Before a byte is exchanged, and before TLS costs anything. */
  #admit(socket: Socket): void {
    const { remoteAddress = '' } = socket;
    const allowed = this.#medium.allow.length === 0 || this.#allowed.check(remoteAddress, familyOf(remoteAddress));
    if (!allowed) this.#refuse(socket, 'is not an address that may call in');
    else if (this.#identity) this.#shakeHands(socket, this.#identity);
    else this.#take(socket);
  }

  /** A server of TLS for each call: that is how Node.js says whose handshake has failed. */
  #shakeHands(socket: Socket, identity: TlsIdentity): void {
    const from = addressOf(socket);
    this.#handshakes.add(socket);
    socket.once('close', () => this.#handshakes.delete(socket));
    if (this.#handshakes.size > MAX_HANDSHAKES) {
      const [longest] = this.#handshakes;
      longest.destroy();
    }
    const options = {
      ...identity,
      requestCert: true,
      rejectUnauthorized: true,
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    };
    const server = createTlsServer(options, (secure) => {
      this.#handshakes.delete(socket);
      const defect = this.#nameDefect(secure);
      if (defect) this.#refuse(secure, defect);
      else this.#take(secure);
    });
    server.on('tlsClientError', ({ code, message }: NodeJS.ErrnoException, secure) => {
      // A refused certificate is only reported as a connection that was hung up; the socket knows more: a code.
      const refusal = secure.authorizationError as unknown as string | undefined;
      this.#refusals.tell(`${from} ${connectionDefect({ code: refusal ?? code, message }, 'broke the handshake off')}`);
      secure.destroy();
    });
    server.emit('connection', socket);
  }

  #nameDefect(socket: TLSSocket): string | undefined {
    const name = this.#medium.tls?.serverName;
    const error = name === undefined ? undefined : checkServerIdentity(name, socket.getPeerCertificate());
    return error && connectionDefect(error, 'shows a certificate for another name');
  }

  #refuse(socket: Socket, defect: string): void {
    this.#refusals.tell(`${addressOf(socket)} ${defect}`);
    socket.on('error', () => {}).destroy();
  }

  #take(socket: Socket): void {
    this.#endCall(`the device called again, from ${addressOf(socket)}`);
    const { stream, ended, release } = socketMedium(socket);
    const { promise, resolve } = Promise.withResolvers<string>();
    const call = {
      medium: { stream, ended: Promise.race([ended, promise]), release },
      hangUp: resolve,
      fetched: false,
    };
    this.#call = call;
    ended.then(() => {
      if (this.#call === call) this.#call = undefined;
    });
    this.#called();
  }

  #endCall(reason: string): void {
    this.#call?.hangUp(reason);
    if (!this.#call?.fetched) this.#call?.medium.release();
    this.#call = undefined;
  }
}

function listOf(allow: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of allow) {
    const [address, prefix] = entry.split('/');
    if (prefix === undefined) list.addAddress(address, familyOf(address));
    else list.addSubnet(address, Number(prefix), familyOf(address));
  }
  return list;
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4';
}

function addressOf(socket: Socket): string {
  return socket.remoteAddress ?? 'somebody who has gone';
}
