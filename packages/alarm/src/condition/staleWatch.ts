/** Watches whether anything usable is read at all: silence is a condition too, and no sample tells of it. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { StaleCondition } from './condition.ts';
import { isUsable, type Reading } from './reading.ts';
import type { ChangeListener, Watch, WatchStart } from './watch.ts';

export class StaleWatch implements Watch {
  active: boolean;
  readonly #forUs: number;
  readonly #onChange: ChangeListener;
  /** When something was heard last, by the clock of the source and by that of the ticks: at the tick after it. */
  #time: number;
  #heardUs: number;
  #isHeard = false;

  constructor({ forUs }: StaleCondition, start: WatchStart, onChange: ChangeListener) {
    this.#forUs = forUs;
    this.#onChange = onChange;
    this.active = start.active;
    this.#time = start.time;
    this.#heardUs = start.now();
  }

  sample(reading: Reading): void {
    if (!isUsable(reading)) return;
    this.#time = reading.time;
    this.#isHeard = true;
    if (!this.active) return;
    this.active = false;
    this.#onChange(false, reading.time as Timestamp);
  }

  prime(reading: Reading): void {
    if (isUsable(reading)) this.#time = reading.time;
  }

  reference(): void {}

  tick(nowUs: number): void {
    if (this.#isHeard) {
      this.#isHeard = false;
      this.#heardUs = nowUs;
    }
    if (this.active || nowUs - this.#heardUs < this.#forUs) return;
    this.active = true;
    this.#onChange(true, (this.#time + this.#forUs) as Timestamp);
  }
}
