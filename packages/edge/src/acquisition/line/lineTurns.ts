/**
 * Whose turn it is on a line that several devices share.
 *
 * Invariant: no device takes more of the line's time than another that wants it, however slow it is or however much it is
 * asked for; and what devices that do not answer cost, all together, is a fixed share of a line on which others do.
 */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { LineDevice } from './lineDevice.ts';

/** Devices that do not answer, or are yet to be greeted, may take this share of the line while others want it. */
const DOUBTFUL_SHARE = 0.2;
/** Each may fail once in so long without being charged for it: at first nobody knows which devices are well. */
const FORGIVEN_MS = 600_000;

export class LineTurns {
  readonly #clock: Clock;
  readonly #devices: readonly LineDevice[];
  /**
   * The use that devices had made of the line before the exchange under way (start-time fair queueing, Goyal et al. 1996):
   * who wanted nothing for a while comes before who wants all the time, and has no credit.
   */
  #usedMs = 0;
  /** Until then those that are well go first. */
  #yieldUntilMs = Number.NEGATIVE_INFINITY;
  #nextMs = Number.POSITIVE_INFINITY;

  constructor(clock: Clock, devices: readonly LineDevice[]) {
    this.#clock = clock;
    this.#devices = devices;
  }

  /** After `next` gave none: when there may be one without anything happening before. */
  get nextMs(): number {
    return this.#nextMs;
  }

  /** The device to be asked now, `lineWaitMs` being what the budget of the line says; `undefined` where there is none. */
  next(nowMs: number, lineWaitMs: number): LineDevice | undefined {
    this.#nextMs = Number.POSITIVE_INFINITY;
    let well: LineDevice | undefined;
    let unmet: LineDevice | undefined;
    let silent: LineDevice | undefined;
    const someUp = this.#devices.some(({ up }) => up);
    for (const device of this.#devices) {
      const { wantsAtMs } = device;
      if (wantsAtMs === Number.POSITIVE_INFINITY) continue;
      const yieldMs = device.silent && someUp ? this.#yieldUntilMs : wantsAtMs;
      const waitMs = Math.max(lineWaitMs, device.budget.waitMs(), wantsAtMs - nowMs, yieldMs - nowMs);
      if (waitMs > 0) this.#nextMs = Math.min(this.#nextMs, nowMs + waitMs);
      else if (device.up) well = this.#comesBefore(device, well) ? device : well;
      else if (device.silent) silent = waitsLonger(device, silent) ? device : silent;
      else unmet = waitsLonger(device, unmet) ? device : unmet;
    }
    const doubtful = unmet ?? silent;
    return doubtful && nowMs >= this.#yieldUntilMs ? doubtful : (well ?? doubtful);
  }

  /** The device has used the line for so long; `answered` says whether anything came of it. */
  used(device: LineDevice, tookMs: number, answered: boolean, greeting: boolean): void {
    const nowMs = this.#clock.elapsedMs();
    this.#usedMs = Math.max(this.#usedMs, device.usedMs);
    device.usedMs = this.#usedMs + tookMs;
    const charged = answered ? greeting : nowMs - device.failedMs < FORGIVEN_MS;
    if (!answered) device.failedMs = nowMs;
    const harmed = this.#devices.some((other) => other !== device && other.up);
    if (charged && harmed) this.#yieldUntilMs = Math.max(nowMs, this.#yieldUntilMs) + tookMs * (1 / DOUBTFUL_SHARE - 1);
  }

  /** The one that has used the line less, and of those that are alike the one whose readings are due first. */
  #comesBefore(device: LineDevice, other: LineDevice | undefined): boolean {
    if (!other) return true;
    const lessMs = Math.max(device.usedMs, this.#usedMs) - Math.max(other.usedMs, this.#usedMs);
    return lessMs < 0 || (lessMs === 0 && device.deadlineMs < other.deadlineMs);
  }
}

function waitsLonger(device: LineDevice, other: LineDevice | undefined): boolean {
  return other === undefined || device.wantsAtMs < other.wantsAtMs;
}
