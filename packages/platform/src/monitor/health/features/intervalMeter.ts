/** What one interval of a signal comes to, in every measure at once, while its held values and readings pass. */

import { US_PER_S } from '@tidegate/core/clock/timestamp.ts';
import { countedIncrease, counterStep } from '../../../historian/query/counter/countedIncrease.ts';
import type { HeldMeasure } from '../definition/healthWatch.ts';

const US_PER_HOUR = 3_600 * US_PER_S;

export class IntervalMeter {
  #origin = 0;
  /** Hours that are measured, and what is summed over them of value and time: of differences to the first value, so that a small
   * deviation of large values is not lost among their squares. */
  #hours = 0;
  #shift = 0;
  #sum = 0;
  #squares = 0;
  #timeSum = 0;
  #timeSquares = 0;
  #crossSum = 0;
  #minimum = 0;
  #maximum = 0;
  #last = 0;
  #trueHours = 0;
  #reading = Number.NaN;
  #increase = 0;
  #starts = 0;

  /** `before` is what held just before the interval; NaN where that is not known. */
  begin(time: number, before: number): void {
    this.#origin = time;
    this.#hours = 0;
    this.#sum = 0;
    this.#squares = 0;
    this.#timeSum = 0;
    this.#timeSquares = 0;
    this.#crossSum = 0;
    this.#minimum = Number.POSITIVE_INFINITY;
    this.#maximum = Number.NEGATIVE_INFINITY;
    this.#trueHours = 0;
    this.#reading = before;
    this.#increase = 0;
    this.#starts = 0;
  }

  /** A usable reading; of those that do not count only what follows is told. */
  read(value: number, counts: boolean): void {
    const before = this.#reading;
    this.#reading = value;
    if (!counts || Number.isNaN(before)) return;
    this.#increase += countedIncrease(before, value, counterStep(before, value, 0, {}), {});
    if (before === 0 && value !== 0) this.#starts++;
  }

  /** A value that held from `from` to before `to` (µs), where it counts. */
  hold(value: number, from: number, to: number): void {
    if (this.#hours === 0) this.#shift = value;
    const hours = (to - from) / US_PER_HOUR;
    const middle = (from + to) / 2;
    const time = (middle - this.#origin) / US_PER_HOUR;
    const difference = value - this.#shift;
    this.#hours += hours;
    this.#sum += difference * hours;
    this.#squares += difference * difference * hours;
    this.#timeSum += time * hours;
    this.#timeSquares += (time * time + (hours * hours) / 12) * hours;
    this.#crossSum += difference * time * hours;
    if (value < this.#minimum) this.#minimum = value;
    if (value > this.#maximum) this.#maximum = value;
    this.#last = value;
    if (value !== 0) this.#trueHours += hours;
  }

  /** NaN where nothing counted. */
  measure(measure: HeldMeasure): number {
    const hours = this.#hours;
    if (hours === 0) return Number.NaN;
    switch (measure) {
      case 'average':
        return this.#shift + this.#sum / hours;
      case 'minimum':
        return this.#minimum;
      case 'maximum':
        return this.#maximum;
      case 'deviation':
        return Math.sqrt(Math.max(0, this.#squares - (this.#sum * this.#sum) / hours) / hours);
      case 'range':
        return this.#maximum - this.#minimum;
      case 'slope': {
        const spread = this.#timeSquares - (this.#timeSum * this.#timeSum) / hours;
        return (this.#crossSum - (this.#timeSum * this.#sum) / hours) / spread;
      }
      case 'last':
        return this.#last;
      case 'increase':
        return this.#increase;
      case 'duration':
        return this.#trueHours;
      case 'starts':
        return this.#starts;
    }
  }
}
