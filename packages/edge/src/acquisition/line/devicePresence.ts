/**
 * Says when a device, or a line of several, is lost and when it is back, so that a log of it can be read: not each time
 * that it is still gone, and not at each turn of one that comes and goes.
 *
 * A loss is told at once. So is the return, unless the device was lost again soon after the last two: then it counts as
 * back only when it has answered for a while without a failure, and the event says how often it failed meanwhile.
 */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';

/** A device that was back for less than this had not really come back, and one that has answered for this long has. */
const STEADY_MS = 60_000;
/** So many returns that did not last make a device unsteady. */
const SHORT_RETURNS = 2;

export interface PresencePorts {
  readonly clock: Clock;
  readonly events: EventSink;
}

export class DevicePresence {
  readonly #name: string;
  readonly #ports: PresencePorts;
  readonly #what: 'device' | 'line';
  #told: 'connected' | 'lost' | undefined;
  #connectedAtMs = Number.NEGATIVE_INFINITY;
  #failedAtMs = Number.NEGATIVE_INFINITY;
  /** Returns in a row that did not last. */
  #shortReturns = 0;
  /** Since the loss was told. */
  #failures = 0;

  constructor(name: string, ports: PresencePorts, what: 'device' | 'line' = 'device') {
    this.#name = name;
    this.#ports = ports;
    this.#what = what;
  }

  /** The device has answered. */
  answered(): void {
    if (this.#told === 'connected') return;
    const nowMs = this.#ports.clock.elapsedMs();
    if (this.#isUnsteady) {
      if (nowMs - this.#failedAtMs < STEADY_MS) return;
      this.#shortReturns = 0;
    }
    const after = this.#failures > 1 ? `, after ${this.#failures} failures` : '';
    this.#connectedAtMs = nowMs;
    this.#tell('connected', `the ${this.#what} answers${after}`);
  }

  /** An attempt to reach it, or a request, has failed. */
  failed(detail: string): void {
    const nowMs = this.#ports.clock.elapsedMs();
    this.#failedAtMs = nowMs;
    this.#failures++;
    if (this.#told === 'lost') return;
    const wasBack = this.#told === 'connected';
    this.#shortReturns = wasBack && nowMs - this.#connectedAtMs < STEADY_MS ? this.#shortReturns + 1 : 0;
    this.#failures = 1;
    const unsteady = `; it comes and goes, and counts as connected when it has answered for ${STEADY_MS / 1000} s`;
    this.#tell('lost', this.#isUnsteady ? detail + unsteady : detail);
  }

  get #isUnsteady(): boolean {
    return this.#shortReturns >= SHORT_RETURNS;
  }

  #tell(told: 'connected' | 'lost', detail: string): void {
    this.#told = told;
    const { clock, events } = this.#ports;
    events({ at: clock.now(), kind: `${this.#what}.${told}`, source: this.#name, detail });
  }
}
