/**
 * One subscription: the order of its messages, and whether it still speaks.
 *
 * Invariant: messages are handed on in their sequence, each once. Where one is missing, those behind it wait until it has been
 * fetched once more, or the server no longer has it (OPC 10000-4, 5.14.1.2 and 5.14.6).
 */

import type { CreatedSubscription, NotificationMessage } from './service/answer.ts';

/** Messages that are missing, or wait for those; a server keeps hardly more. */
const MAX_HELD = 64;
const LAST_SEQUENCE = 0xffff_ffff;

export interface SubscriptionPorts {
  /** Hands a message on, in its order. */
  readonly deliver: (message: NotificationMessage) => void;
  /** Asks the server for a message once more. */
  readonly republish: (sequence: number) => void;
  /** So many messages are lost for good. */
  readonly lost: (messages: number) => void;
}

export class Subscription {
  readonly id: number;
  readonly #ports: SubscriptionPorts;
  /** How long it may be silent. */
  readonly #silenceMs: number;
  #next = 1;
  /** The missing messages, in their order; the first of them has been asked for. */
  #missing: number[] = [];
  #waiting: NotificationMessage[] = [];
  #heardMs: number;

  constructor(created: CreatedSubscription, nowMs: number, timeoutMs: number, ports: SubscriptionPorts) {
    this.id = created.id;
    this.#ports = ports;
    this.#heardMs = nowMs;
    const keepAliveMs = Math.max(0, created.publishMs) * Math.max(1, created.keepAliveCount);
    this.#silenceMs = (Number.isFinite(keepAliveMs) ? keepAliveMs : 0) + timeoutMs;
  }

  /** From when on it is held to be dead: a keep-alive should have come long since. */
  get silentAtMs(): number {
    return this.#heardMs + this.#silenceMs;
  }

  get silenceMs(): number {
    return this.#silenceMs;
  }

  /** A new connection has gone on with it: the clock of its silence begins anew, and what was asked for did not come. */
  resumed(nowMs: number): void {
    this.#heardMs = nowMs;
    this.#missing = [];
    this.#waiting = [];
  }

  /** A message has come; one that only says that the server is there has no number of its own, and names the next one. */
  hear(message: NotificationMessage, nowMs: number): void {
    this.#heardMs = nowMs;
    const { sequence, notifications } = message;
    const ahead = distance(this.#next, sequence);
    if (notifications.length === 0) {
      if (ahead > 0 && this.#missing.length === 0) this.#miss(ahead);
      return;
    }
    if (ahead === 0 && this.#missing.length === 0) this.#deliver(message);
    // One that is behind has come before.
    else if (ahead >= 0) this.#wait(message);
  }

  /** The missing message that was asked for has come, or the server does not have it any more. */
  fetched(sequence: number, message: NotificationMessage | undefined): void {
    if (this.#missing[0] !== sequence) return;
    this.#missing.shift();
    if (message?.sequence === sequence) this.#deliver(message);
    else this.#lose(1);
    if (this.#missing.length > 0) this.#ports.republish(this.#missing[0]);
    else this.#release();
  }

  #miss(count: number): void {
    if (count > MAX_HELD) {
      this.#lose(count);
      return;
    }
    for (let index = 0; index < count; index++) this.#missing.push(advanced(this.#next, index));
    this.#ports.republish(this.#missing[0]);
  }

  #wait({ sequence, notifications }: NotificationMessage): void {
    const kept = notifications.map(({ type, body }) => ({ type, body: body.slice() }));
    this.#waiting.push({ sequence, notifications: kept });
    if (this.#waiting.length > MAX_HELD) {
      this.#lose(this.#missing.length);
      this.#missing = [];
    }
    if (this.#missing.length === 0) this.#release();
  }

  /** Hands on what has waited, up to the next gap. */
  #release(): void {
    for (let first = this.#waiting.at(0); first && this.#missing.length === 0; first = this.#waiting.at(0)) {
      const ahead = distance(this.#next, first.sequence);
      if (ahead > 0) this.#miss(ahead);
      else {
        this.#waiting.shift();
        if (ahead === 0) this.#deliver(first);
      }
    }
  }

  #deliver(message: NotificationMessage): void {
    this.#next = advanced(message.sequence, 1);
    this.#ports.deliver(message);
  }

  #lose(count: number): void {
    this.#next = advanced(this.#next, count);
    this.#ports.lost(count);
  }
}

/** The numbers run from 1 and begin there anew (7.26). */
function advanced(sequence: number, count: number): number {
  return ((sequence - 1 + count) % LAST_SEQUENCE) + 1;
}

/** How many numbers `sequence` is ahead of `expected`; negative where it is behind. */
function distance(expected: number, sequence: number): number {
  const ahead = (((sequence - expected) % LAST_SEQUENCE) + LAST_SEQUENCE) % LAST_SEQUENCE;
  return ahead > LAST_SEQUENCE / 2 ? ahead - LAST_SEQUENCE : ahead;
}
