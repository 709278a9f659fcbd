/**
 * Waits at the authority for one holder of a code, and signs its request without a person in between.
 *
 *     holder                                   authority
 *     {"proof"}                          ->    the secret of the code, bound to this connection
 *                                        <-    {"subject"} whom it is for, or {"refused"}
 *     {"request"}                        ->    signed with a key made for it
 *                                        <-    {"cert", "ca", "crl"}, or {"refused"}
 *
 * Invariant: at most one certificate is signed, for the subject of the invitation, and none after 15 minutes or 5 wrong codes.
 */

import { randomBytes, timingSafeEqual, X509Certificate } from 'node:crypto';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { isDeepStrictEqual } from 'node:util';
import type { CancelTimer, Clock } from '@tidegate/core/clock/clock.ts';
import { timestampToMs } from '@tidegate/core/clock/timestamp.ts';
import { type Fault, failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { type CertificateRequest, readRequest } from '../certificateRequest.ts';
import { issueAuthority } from '../issueCertificate.ts';
import type { SignedCertificate } from '../siteAuthority.ts';
import type { Subject } from '../subject.ts';
import { validityOf } from '../validity.ts';
import { formatCode, pinOf, SECRET_BYTES } from './invitationCode.ts';
import { type Line, LineSocket } from './lineSocket.ts';

export interface InvitationOptions {
  readonly subject: Subject;
  /** Every address of the machine where absent. */
  readonly host?: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly sign: (request: CertificateRequest) => Promise<SignedCertificate>;
  readonly clock: Clock;
  /** At most, and where absent, 15 minutes. */
  readonly lifeMs?: number;
  /** Told of every attempt that failed. */
  readonly onRefused: (peer: string, reason: string) => void;
}

/** What came of an invitation that was used. */
export interface Enrolment {
  readonly peer: string;
  readonly request: CertificateRequest;
  readonly certificate: X509Certificate;
}

const MAX_LIFE_MS = 15 * 60_000;
const MAX_WRONG_CODES = 5;
const MAX_CONNECTIONS = 8;
const TIMEOUT_MS = 10_000;

export class Invitation {
  readonly code: string;
  readonly #server: Server;
  readonly #secret: Uint8Array;
  readonly #options: InvitationOptions;
  readonly #outcome = Promise.withResolvers<Result<Enrolment>>();
  readonly #cancelEnd: CancelTimer;
  readonly #sockets = new Set<TLSSocket>();
  #wrongCodes = 0;
  /** Somebody has proved the secret, and is waited for. */
  #used = false;
  #over = false;

  private constructor(server: Server, code: { pin: Uint8Array; secret: Uint8Array }, options: InvitationOptions) {
    this.#server = server;
    this.#secret = code.secret;
    this.#options = options;
    this.code = formatCode(code);
    const lifeMs = Math.min(options.lifeMs ?? MAX_LIFE_MS, MAX_LIFE_MS);
    this.#cancelEnd = options.clock.after(lifeMs, () => {
      this.#end(failure('enrolment.ended', `nobody has used the invitation within ${lifeMs / 60_000} minutes`));
    });
    server.on('secureConnection', (socket) => void this.#attend(socket));
  }

  /** Listens. Fault: `launch.port`. */
  static async open(options: InvitationOptions): Promise<Result<Invitation>> {
    const { host, port, clock } = options;
    const validity = validityOf(new Date(timestampToMs(clock.now())), 1);
    // Of use for this invitation alone, and known by nothing but its digest in the code.
    const { key, cert } = await issueAuthority('Tidegate invitation', validity);
    const server = createServer({ key, cert, minVersion: 'TLSv1.3', handshakeTimeout: TIMEOUT_MS });
    server.maxConnections = MAX_CONNECTIONS;
    server.on('tlsClientError', (_error, socket) => socket.destroy());
    const code = { pin: pinOf(new X509Certificate(cert).raw), secret: randomBytes(SECRET_BYTES) };
    return new Promise((resolve) => {
      server.once('error', ({ message }) => resolve(failure('launch.port', `port ${port}: ${message}`)));
      server.listen(port, host, () => resolve(success(new Invitation(server, code, options))));
    });
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  /** Resolves when the invitation has been used, or has ended otherwise: `enrolment.ended`. */
  get outcome(): Promise<Result<Enrolment>> {
    return this.#outcome.promise;
  }

  /** Ends it before its time. */
  close(): void {
    this.#end(failure('enrolment.ended', 'the invitation was withdrawn'));
  }

  async #attend(socket: TLSSocket): Promise<void> {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    const peer = `${socket.remoteAddress}:${socket.remotePort}`;
    const lines = new LineSocket(socket, this.#options.clock, TIMEOUT_MS);
    const fault = await this.#converse(lines, peer).catch((error: unknown) => {
      this.#outcome.reject(error);
      this.#end(failure('enrolment.ended', 'the certificate could not be signed'));
      return undefined;
    });
    if (fault) {
      lines.say({ refused: fault.detail });
      this.#options.onRefused(peer, fault.detail);
    }
    lines.end();
    if (this.#wrongCodes >= MAX_WRONG_CODES) {
      this.#end(failure('enrolment.ended', `${MAX_WRONG_CODES} wrong codes came, the last from ${peer}`));
    }
  }

  async #converse(lines: LineSocket, peer: string): Promise<Fault | undefined> {
    const refuse = (detail: string) => failure('enrolment.refused', detail).fault;
    const { proof } = (await lines.hear()) ?? {};
    if (typeof proof !== 'string') return refuse('it shows no code');
    if (this.#over || this.#used) return refuse('the invitation has been used');
    if (!this.#isProof(lines, proof)) {
      this.#wrongCodes++;
      return refuse(`the code is wrong (${this.#wrongCodes} of ${MAX_WRONG_CODES})`);
    }
    // Taken before anything is waited for: of two at the same time, one.
    this.#used = true;
    const fault = await this.#enrol(lines, peer);
    if (fault) this.#used = false;
    return fault;
  }

  async #enrol(lines: LineSocket, peer: string): Promise<Fault | undefined> {
    const { subject, sign } = this.#options;
    lines.say({ subject });
    const { request: pem }: Line = (await lines.hear()) ?? {};
    if (typeof pem !== 'string') return failure('enrolment.refused', 'it sends no request').fault;
    const request = await readRequest(pem);
    if (!request.ok) return request.fault;
    if (!isDeepStrictEqual(request.value.subject, subject)) {
      return failure('enrolment.refused', `its request is for "${request.value.subject.name}"`).fault;
    }
    if (this.#over) return failure('enrolment.refused', 'the invitation has ended').fault;
    this.#cancelEnd();
    const signed = await sign(request.value);
    lines.say({ ...signed });
    this.#end(success({ peer, request: request.value, certificate: new X509Certificate(signed.cert) }), lines);
    return undefined;
  }

  #isProof(lines: LineSocket, proof: string): boolean {
    const given = Buffer.from(proof, 'base64');
    const wanted = lines.proof(this.#secret);
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  }

  /** Whoever is in the middle of something is cut off, unless it is told what has come of it. */
  #end(outcome: Result<Enrolment>, told?: LineSocket): void {
    if (this.#over) return;
    this.#over = true;
    this.#cancelEnd();
    this.#server.close();
    this.#outcome.resolve(outcome);
    if (told) return;
    for (const socket of this.#sockets) socket.destroySoon();
  }
}
