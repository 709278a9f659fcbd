/** How many samples per second have become durable, over the last seconds. */

import type { CancelTimer, Clock } from '@tidegate/core/clock/clock.ts';
import type { NorthboundHistorian } from '../encoding/northboundHistorian.ts';

const INTERVAL_MS = 1_000;
/** Long enough to be calm, short enough to show a stop at once. */
const INTERVALS_KEPT = 5;

/** Looks at the ledgers every second, because counting in the write path would cost it something. */
export class IngestRate {
  readonly #historian: NorthboundHistorian;
  readonly #clock: Clock;
  readonly #points: { readonly atMs: number; readonly stored: number }[] = [];
  #cancel: CancelTimer | undefined;

  constructor(historian: NorthboundHistorian, clock: Clock) {
    this.#historian = historian;
    this.#clock = clock;
  }

  start(): void {
    this.#look();
  }

  stop(): void {
    this.#cancel?.();
  }

  /** 0 until a second has been seen. */
  samplesPerSecond(): number {
    const first = this.#points.at(0);
    const last = this.#points.at(-1);
    if (!first || !last || first.atMs === last.atMs) return 0;
    return ((last.stored - first.stored) / (last.atMs - first.atMs)) * 1_000;
  }

  #look(): void {
    this.#points.push({ atMs: this.#clock.elapsedMs(), stored: this.#stored() });
    if (this.#points.length > INTERVALS_KEPT + 1) this.#points.shift();
    this.#cancel = this.#clock.after(INTERVAL_MS, () => this.#look());
  }

  #stored(): number {
    return this.#historian.ledgers().reduce((sum, ledger) => sum + ledger.stored, 0);
  }
}
