/**
 * The IT end of the boundary: listens for gateways, verifies what they send, and hands it to a sink.
 *
 * Invariant: nobody is heard who has not shown a certificate of our authority. A gateway is heard only for the name in its
 * certificate, a relay only for the gateways that it may bring: in HELLO and in the header of every block.
 * Invariant: of two gateways that go by one name, only one is heard, and no block of the other is acknowledged.
 * Invariant: an ACK for a block is sent only after the sink has said that it and all before it are durable.
 * Invariant: blocks of one stream and role reach the sink in the order in which its gateway sent them, over any number of
 * connections: a connection begins when all before it of its stream and role have finished.
 * Invariant: a peer can make the receiver hold `pendingBytes` and one frame, no more; whatever it sends, other connections
 * go on.
 * Invariant: a gateway is sent answers of 24 bytes, and nothing else.
 */

import type { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import type { Clock } from '@tidegate/core/clock/clock.ts';
import { timestampFromMs } from '@tidegate/core/clock/timestamp.ts';
import { type Fault, failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { BlockSink } from '@tidegate/core/port/blockSink.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import type { Hello } from '../frame/hello.ts';
import { formatPosition } from '../frame/position.ts';
import { isOrdinaryEnd } from '../frame/refusal.ts';
import { Connection, type ConnectionOptions, type ConnectionStatus } from './connection.ts';
import { Handshakes, peerAddress, strangerAddress } from './handshakes.ts';
import { Presence } from './presence.ts';
import { RefusalLog } from './refusalLog.ts';
import { TagListPace } from './tagListPace.ts';

/** Who the server is, each as PEM text. */
export interface ReceiverIdentity {
  readonly key: string;
  readonly cert: string;
  /** The only authorities that certificates of gateways may come from. */
  readonly ca: string;
  /** True of a certificate that its authority has taken back; where absent, none is. */
  readonly isRevoked?: (certificate: X509Certificate) => boolean;
}

/** Who shows a certificate: a gateway, or a relay, which brings the streams of others. */
export interface Holder {
  readonly name: string;
  readonly isRelay: boolean;
}

export interface ReceiverOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly identity: ReceiverIdentity;
  readonly sink: BlockSink;
  /** Whose streams the holder of a certificate may bring; where absent, a gateway its own, and a relay none. */
  readonly gatewaysOf?: (holder: Holder) => readonly string[];
  readonly clock: Clock;
  readonly events: EventSink;
  /** A connection that brings no whole frame for this long is closed, also during its handshake; 10 s where absent. */
  readonly idleTimeoutMs?: number;
  /** The most bytes of one connection that wait for the sink; 16 MiB where absent. */
  readonly pendingBytes?: number;
}

export interface RunningReceiver {
  /** The port that gateways connect to. */
  readonly port: number;
  /** Takes a connection that was opened from here as if it had come: the far end is who proves to be a client. */
  adopt(socket: Socket): void;
  /** The connections that have been welcomed. */
  connections(): readonly ConnectionStatus[];
  /**
   * New connections meet `identity`; those whose certificate it knows to be revoked are closed, the others go on. Fault:
   * `boundary.credentials`; then everything is as it was.
   */
  useIdentity(identity: ReceiverIdentity): Result<void>;
  /** Takes nothing more, acknowledges what is durable, closes; resolves when the sink holds all it was given. */
  stop(): Promise<void>;
}

const onlyItself = ({ name, isRelay }: Holder): readonly string[] => (isRelay ? [] : [name]);
const DEFAULTS = { gatewaysOf: onlyItself, idleTimeoutMs: 10_000, pendingBytes: 16 * 1024 * 1024 };
const MAX_STRANGERS = 128;
const MAX_CONNECTIONS = 1_024;
/** Connections of one holder that have not said HELLO yet; one more costs the one that has waited longest its place. */
const MAX_SILENT = 64;
const REFUSALS_PER_MINUTE = 20;
/** A twin tries again and again, with each lane. */
const TWINS_PER_MINUTE = 3;
/** The unit, in its certificate, of who brings the streams of others. */
const RELAY_UNIT = 'relay';

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program holds the port',
  EACCES: 'this user may not open ports below 1024',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'there is no such host',
};

/** Listens; resolves when gateways can connect. Faults: `boundary.port`, `boundary.credentials`. */
export async function startReceiver(options: ReceiverOptions): Promise<Result<RunningReceiver>> {
  const { identity, host, port } = options;
  let server: Server;
  try {
    server = createServer({
      ...secureContext(identity),
      requestCert: true,
      rejectUnauthorized: true,
      handshakeTimeout: options.idleTimeoutMs ?? DEFAULTS.idleTimeoutMs,
    });
  } catch (error) {
    return failure('boundary.credentials', error instanceof Error ? error.message : String(error));
  }
  server.maxConnections = MAX_CONNECTIONS;
  const receiver = new Receiver(server, { ...DEFAULTS, ...options });
  return new Promise((resolve) => {
    server.once('error', ({ code = '', message }: NodeJS.ErrnoException) => {
      resolve(failure('boundary.port', `${host}:${port} cannot be listened on: ${REASONS[code] ?? message}`));
    });
    server.listen(port, host, () => resolve(success(receiver)));
  });
}

function secureContext({ key, cert, ca }: ReceiverIdentity) {
  return { key, cert, ca, minVersion: 'TLSv1.3' } as const;
}

class Receiver implements RunningReceiver {
  readonly #server: Server;
  readonly #options: ReceiverOptions & typeof DEFAULTS;
  readonly #handshakes = new Handshakes(MAX_STRANGERS);
  /** Strangers have a log of their own: however many knock, what is refused to those that we know is told. */
  readonly #strangers: RefusalLog;
  readonly #refusals: RefusalLog;
  readonly #twins: RefusalLog;
  /** Each with the certificate that its peer has shown. */
  readonly #connections = new Map<Connection, X509Certificate>();
  /** The newest connection of each stream and role, which those before it make way for. */
  readonly #newest = new Map<string, Connection>();
  readonly #presence = new Presence();
  readonly #tagLists = new TagListPace();
  #isRevoked: (certificate: X509Certificate) => boolean;
  #stopping = false;

  constructor(server: Server, options: ReceiverOptions & typeof DEFAULTS) {
    this.#server = server;
    this.#options = options;
    this.#isRevoked = options.identity.isRevoked ?? (() => false);
    this.#strangers = new RefusalLog(options.clock, options.events, REFUSALS_PER_MINUTE);
    this.#refusals = new RefusalLog(options.clock, options.events, REFUSALS_PER_MINUTE);
    this.#twins = new RefusalLog(options.clock, options.events, TWINS_PER_MINUTE);
    server.on('connection', (socket) => this.#handshakes.begin(socket));
    server.on('secureConnection', (socket) => this.#accept(socket));
    server.on('tlsClientError', (error, socket) => {
      socket.destroy();
      // Where the certificate was the reason, OpenSSL's name for what is wrong with it says more than the end of the socket.
      this.#strangers.refuse(
        strangerAddress(socket),
        `boundary.identity: ${socket.authorizationError ?? error.message}`,
      );
    });
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  adopt(socket: Socket): void {
    if (this.#stopping) socket.destroy();
    else this.#server.emit('connection', socket);
  }

  connections(): readonly ConnectionStatus[] {
    return [...this.#connections.keys()].flatMap((connection) => connection.status() ?? []);
  }

  useIdentity(identity: ReceiverIdentity): Result<void> {
    try {
      this.#server.setSecureContext(secureContext(identity));
    } catch (error) {
      return failure('boundary.credentials', error instanceof Error ? error.message : String(error));
    }
    this.#isRevoked = identity.isRevoked ?? (() => false);
    for (const connection of this.#connections.keys()) this.#refuseRevoked(connection);
    return success(undefined);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#handshakes.close();
    const retire = (connection: Connection) => connection.retire('boundary.stopping', 'the server is shutting down');
    await Promise.all([...this.#connections.keys()].map(retire));
    await closed;
  }

  #accept(socket: TLSSocket): void {
    this.#handshakes.end(socket);
    const { CN: name, OU: unit }: { CN?: unknown; OU?: unknown } = socket.getPeerCertificate().subject ?? {};
    const certificate = socket.getPeerX509Certificate();
    // A certificate with two common names would let its holder choose.
    if (typeof name !== 'string' || !certificate || this.#stopping) {
      socket.on('error', () => {}).destroy();
      if (!this.#stopping)
        this.#refusals.refuse(peerAddress(socket), 'boundary.identity: a certificate without one name');
      return;
    }
    const { sink, gatewaysOf, clock, idleTimeoutMs, pendingBytes } = this.#options;
    const holder = { name, isRelay: [unit].flat().includes(RELAY_UNIT) };
    const options: ConnectionOptions = {
      ...{ sink, clock, idleTimeoutMs, pendingBytes },
      validUntil: timestampFromMs(certificate.validToDate.getTime()),
      tagListPauseMs: (gateway, workMs) => this.#tagLists.pauseAfter(gateway, workMs, clock.elapsedMs()),
      speaksFor: (gateway) => gatewaysOf(holder).includes(gateway),
      onHello: (connection, hello) => this.#admit(connection, hello),
      onOpen: ({ name, peer, role }, held) => {
        // A backlog comes and goes beside the live connection, which tells the state of the line.
        if (role === 'live')
          this.#emit('boundary.connected', name, `${peer} connected; held is ${formatPosition(held)}`);
      },
      onClose: (connection, fault) => this.#takeClose(connection, fault),
    };
    this.#makeRoomFor(name);
    const connection = new Connection(socket, name, options);
    this.#connections.set(connection, certificate);
    this.#refuseRevoked(connection);
  }

  /** Nobody takes all the places: who has said HELLO has one for each stream and role. */
  #makeRoomFor(holder: string): void {
    const silent = [...this.#connections.keys()].filter((one) => one.holder === holder && one.role === undefined);
    if (silent.length >= MAX_SILENT) silent[0].refuse('boundary.replaced', 'its holder has opened too many others');
  }

  #refuseRevoked(connection: Connection): void {
    const certificate = this.#connections.get(connection);
    if (!certificate || !this.#isRevoked(certificate)) return;
    connection.refuse('boundary.revoked', `the certificate ${certificate.serialNumber} has been revoked`);
  }

  async #admit(connection: Connection, hello: Hello): Promise<Result<void>> {
    const { gateway, instance } = hello;
    const there = this.#presence.enter(connection, gateway, instance);
    if (there) return failure('boundary.twin', `two gateways run as ${gateway}: one is connected from ${there.peer}`);
    await this.#makeWay(connection, hello);
    return this.#options.sink.admit(hello, hello);
  }

  #makeWay(connection: Connection, { gateway, lane, role }: Hello): Promise<void> {
    const key = `${role}/${lane}/${gateway}`;
    const before = this.#newest.get(key);
    this.#newest.set(key, connection);
    void connection.finished.then(() => {
      if (this.#newest.get(key) === connection) this.#newest.delete(key);
    });
    before?.refuse('boundary.replaced', `${connection.peer} took its place`);
    return before?.finished ?? Promise.resolve();
  }

  #takeClose(connection: Connection, fault: Fault): void {
    // It is forgotten when its blocks are durable, so that `stop` waits for them too.
    void connection.finished.then(() => this.#connections.delete(connection));
    const detail = `${fault.code}: ${fault.detail}`;
    const refusals = fault.code === 'boundary.twin' ? this.#twins : this.#refusals;
    if (!isOrdinaryEnd(fault.code)) refusals.refuse(`${connection.name} at ${connection.peer}`, detail);
    else if (connection.opened && connection.role === 'live')
      this.#emit('boundary.lost', connection.name, `${connection.peer}: ${detail}`);
  }

  #emit(kind: 'boundary.connected' | 'boundary.lost', source: string, detail: string): void {
    this.#options.events({ at: this.#options.clock.now(), kind, source, detail });
  }
}
