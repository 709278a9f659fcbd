/**
 * The averages of features over an interval, each value holding until the next, and the share of the interval in which all of
 * them were good: what the server makes of the same samples by the measure `average`.
 *
 * A value that is not known (NaN) counts in no average, and its time is no good time. Nothing is known at first.
 */

const US_PER_HOUR = 3_600e6;

/** Where an interval stands that was interrupted; what held is known no more. */
export interface KeptAverages {
  /** Its beginning, and the moment up to which all is accounted for (µs). */
  readonly begun: number;
  readonly until: number;
  readonly doubtfulUs: number;
  /** By feature, as in `HeldAverages`. */
  readonly hours: readonly number[];
  readonly shifts: readonly number[];
  readonly sums: readonly number[];
}

export class HeldAverages {
  readonly #values: Float64Array;
  readonly #good: Uint8Array;
  /** By feature: accounted for up to here (µs), hours with a value, the first value, and the sum over them of what differs from it:
   * so that a small difference of large values is not lost. */
  readonly #since: Float64Array;
  readonly #hours: Float64Array;
  readonly #shifts: Float64Array;
  readonly #sums: Float64Array;
  #begun = 0;
  /** Features that are not good, since when there are some, and the time in which there were some before. */
  #notGood: number;
  #notGoodSince = 0;
  #doubtfulUs = 0;

  constructor(width: number) {
    this.#values = new Float64Array(width).fill(Number.NaN);
    this.#good = new Uint8Array(width);
    this.#since = new Float64Array(width);
    this.#hours = new Float64Array(width);
    this.#shifts = new Float64Array(width);
    this.#sums = new Float64Array(width);
    this.#notGood = width;
  }

  /** An interval begins (µs); what holds goes on. */
  begin(time: number): void {
    this.#begun = time;
    this.#since.fill(time);
    this.#hours.fill(0);
    this.#sums.fill(0);
    this.#notGoodSince = time;
    this.#doubtfulUs = 0;
  }

  /** A value holds from `time` (µs) on, which is not before any given before. */
  hold(feature: number, time: number, value: number, isGood: boolean): void {
    this.#account(feature, time);
    this.#values[feature] = value;
    if (isGood === (this.#good[feature] === 1)) return;
    this.#good[feature] = isGood ? 1 : 0;
    if (!isGood) {
      if (this.#notGood++ === 0) this.#notGoodSince = time;
    } else if (--this.#notGood === 0) this.#doubtfulUs += time - this.#notGoodSince;
  }

  /** From `time` (µs) on nothing is known. */
  lose(time: number): void {
    for (let feature = 0; feature < this.#values.length; feature++) this.hold(feature, time, Number.NaN, false);
  }

  /** Fills the averages of the interval that ends at `time` (µs), NaN where nothing is known; gives the share of good time. */
  end(time: number, row: Float64Array): number {
    this.#accountAll(time);
    for (let feature = 0; feature < row.length; feature++) {
      const hours = this.#hours[feature];
      row[feature] = hours === 0 ? Number.NaN : this.#shifts[feature] + this.#sums[feature] / hours;
    }
    return 1 - this.#doubtfulUs / (time - this.#begun);
  }

  /** All is accounted for up to `until` (µs), which is not before what was held. */
  keep(until: number): KeptAverages {
    this.#accountAll(until);
    const [hours, shifts, sums] = [this.#hours, this.#shifts, this.#sums].map((column) => Array.from(column));
    return { begun: this.#begun, until, doubtfulUs: this.#doubtfulUs, hours, shifts, sums };
  }

  /** Goes on where an interval stood, of as many features; nothing is known since. */
  resume({ begun, until, doubtfulUs, hours, shifts, sums }: KeptAverages): void {
    this.lose(until);
    this.begin(until);
    this.#begun = begun;
    this.#doubtfulUs = doubtfulUs;
    this.#hours.set(hours);
    this.#shifts.set(shifts);
    this.#sums.set(sums);
  }

  #accountAll(time: number): void {
    for (let feature = 0; feature < this.#values.length; feature++) this.#account(feature, time);
    if (this.#notGood === 0) return;
    this.#doubtfulUs += time - this.#notGoodSince;
    this.#notGoodSince = time;
  }

  #account(feature: number, time: number): void {
    const value = this.#values[feature];
    const hours = (time - this.#since[feature]) / US_PER_HOUR;
    this.#since[feature] = time;
    if (Number.isNaN(value) || hours <= 0) return;
    if (this.#hours[feature] === 0) this.#shifts[feature] = value;
    this.#hours[feature] += hours;
    this.#sums[feature] += (value - this.#shifts[feature]) * hours;
  }
}
