/**
 * The two procedures by which the clock of an outstation is set (IEEE Std 1815-2012, clause 10.3).
 *
 *     lan       record current time: the outstation notes when it came; then it is told what the time was when it was sent
 *     non-lan   delay measurement: how long a message is on the way; then it is told the time at which the message will be there
 */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import { US_PER_MS } from '@tidegate/core/clock/timestamp.ts';

export class ClockSetting {
  readonly #clock: Clock;
  readonly #procedure: 'off' | 'lan' | 'non-lan';
  #recordedMs = 0;
  #askedMs = 0;
  #onTheWayMs = 0;

  constructor(clock: Clock, procedure: 'off' | 'lan' | 'non-lan') {
    this.#clock = clock;
    this.#procedure = procedure;
  }

  /** The first of the two requests is sent. */
  begin(): void {
    this.#recordedMs = this.#nowMs;
    this.#askedMs = this.#clock.elapsedMs();
  }

  /** Its answer is there; `delayMs` is how long the outstation says that it took. A message takes as long there as back. */
  measured(delayMs: number): void {
    this.#onTheWayMs = Math.max(0, (this.#clock.elapsedMs() - this.#askedMs - delayMs) / 2);
  }

  /** What the second request carries when it is sent now, in milliseconds since 1970. */
  get timeMs(): number {
    return this.#procedure === 'lan' ? this.#recordedMs : Math.round(this.#nowMs + this.#onTheWayMs);
  }

  get #nowMs(): number {
    return Math.round(this.#clock.now() / US_PER_MS);
  }
}
