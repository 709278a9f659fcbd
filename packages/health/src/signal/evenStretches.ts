/** Finds the even stretches of a signal as its samples come: bursts, parts of what has no end, whatever lies between gaps. */

import { failure, type Result } from '@tidegate/core/fault/fault.ts';
import { type Stretch, stretchOf } from './stretch.ts';

/** What lies together, of which features are told where it is even. The columns are used again after the call. */
export interface FoundStretch {
  /** `health.bad-data` where the samples are not even, `health.too-little` where they are too few. */
  readonly stretch: Result<Stretch>;
  /** Of the samples, µs. */
  readonly times: Float64Array;
  /** How many of the samples were in no stretch before: the last one of a long signal goes back over the one before. */
  readonly fresh: number;
}

/** Longer signals are cut in stretches of this length: some lines of a Hz at 25.6 kHz, and a power of two. */
const MOST_SAMPLES = 16_384;
/** Where two samples are farther from each other, or nearer, than these shares of a step (and what µs round off), there is a gap. */
const FARTHEST = 1.5;
const NEAREST = 0.5;
const ROUNDING_US = 1;
/** A sample that is farther than this share of a step from where it should be is not of an even signal. */
const UNEVEN = 0.1;

export class EvenStretches {
  readonly #found: (found: FoundStretch) => void;
  readonly #times = new Float64Array(2 * MOST_SAMPLES);
  readonly #values = new Float64Array(2 * MOST_SAMPLES);
  #count = 0;

  constructor(found: (found: FoundStretch) => void) {
    this.#found = found;
  }

  /** A sample that can be reckoned with, at or after the one before it (µs). */
  add(time: number, value: number): void {
    const times = this.#times;
    if (this.#count > 0) {
      const away = time - times[this.#count - 1];
      const step = this.#count > 1 ? (times[this.#count - 1] - times[0]) / (this.#count - 1) : away;
      if (away === 0 || away > FARTHEST * step + ROUNDING_US) this.cut();
      else if (away < NEAREST * step - ROUNDING_US) this.#cutBefore();
    }
    times[this.#count] = time;
    this.#values[this.#count++] = value;
    if (this.#count === times.length) this.#tellFirst();
  }

  /** What comes next does not belong to what came before. */
  cut(): void {
    const more = this.#count - MOST_SAMPLES;
    if (more > 0) {
      this.#tell(0, MOST_SAMPLES, MOST_SAMPLES);
      this.#tell(more, this.#count, more);
    } else if (this.#count > 0) this.#tell(0, this.#count, this.#count);
    this.#count = 0;
  }

  /** Samples come closer: of two the last may be the first of them, whatever lies before it. */
  #cutBefore(): void {
    if (this.#count !== 2) {
      this.cut();
      return;
    }
    const [time, value] = [this.#times[1], this.#values[1]];
    this.#count = 1;
    this.cut();
    this.#times[0] = time;
    this.#values[0] = value;
    this.#count = 1;
  }

  /** Half of what there is room for: the rest is there for the last stretch, which may have few samples of its own. */
  #tellFirst(): void {
    this.#tell(0, MOST_SAMPLES, MOST_SAMPLES);
    this.#times.copyWithin(0, MOST_SAMPLES);
    this.#values.copyWithin(0, MOST_SAMPLES);
    this.#count = MOST_SAMPLES;
  }

  #tell(from: number, to: number, fresh: number): void {
    const times = this.#times.subarray(from, to);
    this.#found({ stretch: evenStretch(times, this.#values.subarray(from, to)), times, fresh });
  }
}

function evenStretch(times: Float64Array, values: Float64Array): Result<Stretch> {
  const last = times.length - 1;
  const stepUs = (times[last] - times[0]) / last;
  const borne = UNEVEN * stepUs + ROUNDING_US;
  for (let at = 1; at < last; at++) {
    if (!(Math.abs(times[at] - times[0] - at * stepUs) <= borne)) {
      return failure('health.bad-data', 'The samples do not lie at even steps of time.');
    }
  }
  return stretchOf(values, last > 0 ? 1e6 / stepUs : 1);
}
