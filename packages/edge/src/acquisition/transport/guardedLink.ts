/**
 * A line that can be asked: a tap, and beside it the only outlet to a device in the whole gateway.
 *
 * Invariant: `#write` is the only place that writes to a medium, and takes guarded frames alone.
 */

import type { Duplex, Writable } from 'node:stream';
import type { Clock } from '@tidegate/core/clock/clock.ts';
import { type Fault, failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import { LineTap } from './lineTap.ts';
import type { Link } from './link.ts';
import type { OpenMedium } from './openMedium.ts';
import type { Refusals } from './refusals.ts';
import type { GuardedFrame, WriteGuard } from './writeGuard.ts';

export interface LinkPorts {
  readonly clock: Clock;
  readonly events: EventSink;
}

/** A device that takes nothing of what is sent for so long that this much waits has lost the thread. */
const MAX_UNSENT_BYTES = 64 * 1024;
const SENT = success(undefined);

export class GuardedLink implements Link {
  readonly #outlet: Writable;
  readonly #tap: LineTap;
  readonly #guard: WriteGuard;
  readonly #refusals: Refusals;
  readonly #clock: Clock;
  #sentBytes = 0;
  #sentAtMs: number | undefined;

  /** `refusals` are those of the line, which outlive this link of it. */
  constructor(medium: OpenMedium<Duplex>, guard: WriteGuard, refusals: Refusals, clock: Clock) {
    this.#outlet = medium.stream;
    this.#tap = new LineTap(medium, clock);
    this.#guard = guard;
    this.#refusals = refusals;
    this.#clock = clock;
  }

  get closed(): Promise<Fault> {
    return this.#tap.closed;
  }

  get receivedBytes(): number {
    return this.#tap.receivedBytes;
  }

  get sentBytes(): number {
    return this.#sentBytes;
  }

  get sentAtMs(): number | undefined {
    return this.#sentAtMs;
  }

  send(...frames: readonly Uint8Array[]): Result<void> {
    if (this.#tap.end) return { ok: false, fault: this.#tap.end };
    const guarded: GuardedFrame[] = [];
    for (const frame of frames) {
      const checked = this.#guard.check(frame);
      if (!checked.ok) return this.#refuse(checked.fault);
      guarded.push(checked.value);
    }
    if (this.#outlet.writableLength > MAX_UNSENT_BYTES) {
      this.#tap.close('the device no longer takes what is sent to it');
      return failure('link.closed', 'the device no longer takes what is sent to it');
    }
    this.#write(guarded);
    return SENT;
  }

  receive(withinMs: number): Promise<Result<Uint8Array>> {
    return this.#tap.receive(withinMs);
  }

  close(): void {
    this.#tap.close();
  }

  #refuse(fault: Fault): Result<void> {
    this.#tap.close('the guard refused a frame');
    this.#refusals.tell(fault.detail);
    return { ok: false, fault };
  }

  /** The only write to a device medium in the gateway. */
  #write(frames: readonly GuardedFrame[]): void {
    const bytes = frames.length === 1 ? frames[0] : inOnePiece(frames);
    this.#sentBytes += bytes.length;
    this.#sentAtMs = this.#clock.elapsedMs();
    this.#outlet.write(bytes);
  }
}

/** `Buffer.concat` would lay them into the pool that small buffers share, where others could change them while they wait. */
function inOnePiece(frames: readonly GuardedFrame[]): Uint8Array {
  const bytes = new Uint8Array(frames.reduce((length, frame) => length + frame.length, 0));
  let at = 0;
  for (const frame of frames) {
    bytes.set(frame, at);
    at += frame.length;
  }
  return bytes;
}
