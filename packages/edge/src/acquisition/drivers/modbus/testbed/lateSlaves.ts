/**
 * Devices that answer late, for tests. On a line each answers its questions in the order in which they came, after a delay that
 * may be longer than any timeout; a little noise goes over the line, and answers come in pieces.
 *
 * Every register with an odd address, and every group of 16 bits, holds the number of the question that asked for it;
 * every register with an even address holds that address. A value that belongs to another question shows.
 */

import type { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { Link } from '../../../transport/link.ts';
import { ClockedLink } from './clockedLink.ts';

/** How requests and answers are wrapped on the way. */
export interface LateWire {
  /** The unit and the PDU of a request. */
  readonly unwrap: (frame: Uint8Array) => Uint8Array;
  readonly wrap: (unit: number, answer: Uint8Array, asked: Uint8Array) => Uint8Array;
  /** Bytes change and noise comes on a line; a network lets neither through, and its answers come in any order. */
  readonly noisy: boolean;
}

export interface LateSlavesConfig {
  readonly clock: ManualClock;
  readonly wire: LateWire;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly timeoutMs: number;
  /** Whether the adapter sends back what we send. */
  readonly echo: boolean;
}

/** Outlives links, as the slaves and what they still have to say do. */
export class LateSlaves {
  /** How many questions have been asked. */
  asked = 0;
  readonly #config: LateSlavesConfig;
  readonly #freeAtMs = new Map<number, number>();
  #link: ClockedLink | undefined;

  constructor(config: LateSlavesConfig) {
    this.#config = config;
  }

  open(): Link {
    this.#link?.close();
    this.#link = new ClockedLink(this.#config.clock, (frame) => this.#hear(frame));
    return this.#link;
  }

  #hear(frame: Uint8Array): void {
    const { clock, wire, timeoutMs, random, echo } = this.#config;
    this.asked++;
    if (echo) this.#link?.arrived(frame);
    const [unit, ...pdu] = wire.unwrap(frame);
    const answer = random() < 0.03 ? [pdu[0] | 0x80, random() < 0.5 ? 6 : 4] : this.#answerTo(pdu);
    const nowMs = clock.elapsedMs();
    const freeMs = wire.noisy ? Math.max(nowMs, this.#freeAtMs.get(unit) ?? 0) : nowMs;
    if (random() < 0.03 || freeMs - nowMs > 4 * timeoutMs) return;
    const atMs = freeMs + this.#delayMs();
    this.#freeAtMs.set(unit, atMs);
    const bytes = wire.wrap(unit, Uint8Array.from(answer), frame);
    if (wire.noisy && random() < 0.02) bytes[Math.floor(random() * bytes.length)] ^= 1 << Math.floor(random() * 8);
    clock.after(atMs - nowMs, () => this.#speak(bytes));
  }

  #delayMs(): number {
    const { random, timeoutMs } = this.#config;
    const luck = random();
    if (luck < 0.75) return 1 + random() * 0.3 * timeoutMs;
    return luck < 0.9 ? timeoutMs * (0.8 + random() * 0.4) : random() * 4 * timeoutMs;
  }

  #speak(bytes: Uint8Array): void {
    const { random, wire } = this.#config;
    if (wire.noisy && random() < 0.02)
      this.#link?.arrived(Uint8Array.from({ length: 5 }, () => Math.floor(random() * 256)));
    const cut = random() < 0.3 ? Math.floor(random() * bytes.length) : 0;
    if (cut > 0) this.#link?.arrived(bytes.slice(0, cut));
    this.#link?.arrived(bytes.slice(cut));
  }

  #answerTo([code, firstHigh, firstLow, countHigh, countLow]: readonly number[]): number[] {
    const first = firstHigh * 256 + firstLow;
    const count = countHigh * 256 + countLow;
    const number = [(this.asked >> 8) & 0xff, this.asked & 0xff];
    if (code <= 2) {
      const bytes = Math.ceil(count / 8);
      return [code, bytes, ...Array.from({ length: bytes }, (_, at) => number[1 - (at % 2)])];
    }
    const registers = Array.from({ length: count }, (_, at) => first + at).flatMap((address) =>
      address % 2 === 1 ? number : [address >> 8, address & 0xff],
    );
    return [code, count * 2, ...registers];
  }
}
