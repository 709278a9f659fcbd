/** One gateway as its receiver sees it: the sessions of its key, of which the newest alone is heard. */

import type { KeyObject } from 'node:crypto';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { EventKind } from '@tidegate/core/port/eventSink.ts';
import { type DatagramHeader, DatagramKind } from '../../frame/diode/datagramLayout.ts';
import type { PresharedKey } from '../../frame/diode/presharedKey.ts';
import type { DiodeStreamOptions, DiodeStreamStatus } from './diodeStream.ts';
import { adviseOnLoss, type LossAdvice } from './lossAdvice.ts';
import { type Reception, SenderSession } from './senderSession.ts';
import type { AcceptedSession } from './sessionFile.ts';

export interface DiodeSenderOptions extends DiodeStreamOptions {
  readonly key: PresharedKey;
  /** What was accepted before the receiver was started. */
  readonly accepted: AcceptedSession | undefined;
  /** A newer session has begun. */
  readonly onSession: () => void;
  readonly onEvent: (kind: EventKind, detail: string) => void;
}

export interface DiodeSenderStatus {
  readonly gateway: string;
  /** `undefined` while nothing has come since the receiver was started. */
  readonly session: number | undefined;
  readonly since: Timestamp | undefined;
  readonly connected: boolean;
  /** Of this session. */
  readonly streams: readonly DiodeStreamStatus[];
  readonly bytesPerSecond: number;
  readonly advice: LossAdvice | undefined;
}

/** A sender says something twice a second. */
const SILENCE_MS = 5_000;

export class DiodeSender {
  readonly #options: DiodeSenderOptions;
  #accepted: AcceptedSession | undefined;
  #session: SenderSession | undefined;
  #finishing: Promise<void> = Promise.resolve();
  /** The key of a session that somebody says has begun: a stranger who repeats himself has it derived once. */
  #candidate: { readonly session: number; readonly key: KeyObject } | undefined;
  #connected = false;
  #heardAtMs = 0;
  #startedAtMs = 0;
  #bytes = 0;

  constructor(options: DiodeSenderOptions) {
    this.#options = options;
    this.#accepted = options.accepted;
  }

  /** For the file of sessions: the gateway with what it may not send again. */
  get accepted(): [string, AcceptedSession][] | undefined {
    if (!this.#session) return undefined;
    return [[this.#options.gateway, { session: this.#session.session, floors: this.#session.floors }]];
  }

  status(kernelDrops: number): DiodeSenderStatus {
    const { gateway, clock } = this.#options;
    const streams = this.#session?.streams.map(({ status }) => status) ?? [];
    const seconds = (clock.elapsedMs() - this.#startedAtMs) / 1_000;
    const bytesPerSecond = this.#session && seconds > 0 ? Math.round(this.#bytes / seconds) : 0;
    return {
      ...{ gateway, session: this.#session?.session, since: this.#session?.since, connected: this.#connected },
      ...{ streams, bytesPerSecond, advice: adviseOnLoss(observed(streams, kernelDrops, bytesPerSecond)) },
    };
  }

  take(header: DatagramHeader, datagram: Uint8Array): Reception {
    const newest = this.#session?.session ?? this.#accepted?.session ?? -1;
    if (header.session < newest) return 'replayed';
    const session = this.#session?.session === header.session ? this.#session : this.#open(header.session);
    const reception = session.take(header, datagram);
    if (reception !== 'taken') return reception;
    if (session !== this.#session) this.#begin(session);
    this.#bytes += datagram.length;
    // Beats are numbered, so that none is taken twice: a recording of anything else shall not pass for a sign of life.
    if (header.kind === DatagramKind.beat) this.#heard();
    return reception;
  }

  tick(): void {
    this.#session?.tick();
    if (!this.#connected || this.#options.clock.elapsedMs() - this.#heardAtMs < SILENCE_MS) return;
    this.#connected = false;
    this.#options.onEvent('boundary.lost', `nothing has come for ${SILENCE_MS / 1_000} s`);
  }

  async finish(): Promise<void> {
    await this.#finishing;
    await this.#session?.finish();
  }

  /** A session that is not proved to be one: it is forgotten with the datagram that names it, unless that is genuine. */
  #open(session: number): SenderSession {
    const { key, clock } = this.#options;
    if (this.#candidate?.session !== session) this.#candidate = { session, key: key.sessionKey(session) };
    const floors = this.#accepted?.session === session ? this.#accepted.floors : [];
    return new SenderSession({ ...this.#options, session, key: this.#candidate.key, since: clock.now(), floors });
  }

  #begin(session: SenderSession): void {
    const before = this.#session;
    if (before) this.#finishing = Promise.all([this.#finishing, before.finish()]).then(() => {});
    this.#session = session;
    this.#candidate = undefined;
    this.#startedAtMs = this.#options.clock.elapsedMs();
    this.#bytes = 0;
    this.#connected = false;
    this.#options.onSession();
  }

  #heard(): void {
    this.#heardAtMs = this.#options.clock.elapsedMs();
    if (this.#connected) return;
    this.#connected = true;
    this.#options.onEvent('boundary.connected', `session ${this.#session?.session} over the diode`);
  }
}

function observed(streams: readonly DiodeStreamStatus[], kernelDrops: number, bytesPerSecond: number) {
  const widest = streams.reduce((best, stream) => (stream.k > best.k ? stream : best), { k: 0, m: 0 });
  const sum = (count: (stream: DiodeStreamStatus) => number) => streams.reduce((all, next) => all + count(next), 0);
  return {
    ...{ k: widest.k, m: widest.m, kernelDrops, bytesPerSecond },
    ...{ expected: sum(({ expected }) => expected), arrived: sum(({ arrived }) => arrived) },
    worstGroupLoss: Math.max(0, ...streams.map((stream) => stream.worstGroupLoss)),
  };
}
