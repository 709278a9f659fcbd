/**
 * Of what time the samples of a segment's tags are. Nearly all samples are of about the time at which they arrived, so that
 * their tags have one span in common; a device whose clock says 1970 or 2099 stretches its own tags' spans only.
 */

import { US_PER_DAY } from '@tidegate/core/clock/timestamp.ts';
import { lowerBound } from '../sampleRun.ts';

/** From the first to the last time, both included, in microseconds. */
export interface TimeSpan {
  readonly minTime: number;
  readonly maxTime: number;
}

const NOTHING: TimeSpan = { minTime: Number.POSITIVE_INFINITY, maxTime: Number.NEGATIVE_INFINITY };
/** So far from their arrival samples are still like all others. */
const ORDINARY_US = US_PER_DAY;

export class TagSpans {
  readonly #from: number;
  readonly #to: number;
  #all = NOTHING;
  #ordinary = NOTHING;
  /** The tags that have a span of their own, ascending, and their spans. */
  readonly #strays: number[] = [];
  readonly #spans: TimeSpan[] = [];

  /** `first` and `last`: when the first and the last sample of the segment arrived, in microseconds. */
  constructor({ first, last }: { readonly first: number; readonly last: number }) {
    this.#from = first - ORDINARY_US;
    this.#to = last + ORDINARY_US;
  }

  /** Tags ascend. */
  add(tag: number, { minTime, maxTime }: TimeSpan): void {
    this.#all = joined(this.#all, { minTime, maxTime });
    if (minTime >= this.#from && maxTime <= this.#to) this.#ordinary = joined(this.#ordinary, { minTime, maxTime });
    else {
      this.#strays.push(tag);
      this.#spans.push({ minTime, maxTime });
    }
  }

  /** A span that holds every sample of `tag`, which is one of the segment's. */
  of(tag: number): TimeSpan {
    const place = lowerBound(this.#strays, tag);
    return this.#strays[place] === tag ? this.#spans[place] : this.#ordinary;
  }

  /**
   * The time after which no sample of `tag` need be kept for its age. For tags with a span of their own that is the last
   * time of all: the segment is not written anew for each of them.
   */
  expiryTime(tag: number): number {
    const span = this.of(tag);
    return (span === this.#ordinary ? span : this.#all).maxTime;
  }
}

function joined(a: TimeSpan, b: TimeSpan): TimeSpan {
  return { minTime: Math.min(a.minTime, b.minTime), maxTime: Math.max(a.maxTime, b.maxTime) };
}
