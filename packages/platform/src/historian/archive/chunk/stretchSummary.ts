/** Good numbers of neighbouring blocks as a summary: what directories tell is at hand, the rest is found when it is asked for. */

import { type RunSummary, summariseNumbers } from '../runSummary.ts';
import type { SampleRun } from '../sampleRun.ts';
import { RunMemory } from './runMemory.ts';

/** Where the blocks stand: their samples are good numbers. */
export interface BlockOwner {
  /** As `Chunk.rows`. */
  rows(first: number, last: number, memory: RunMemory): SampleRun;
  /** As `Chunk.times` and `Chunk.values`. */
  times(block: number): Float64Array;
  values(block: number): Float64Array;
}

/** Blocks from one to before another, and what is known of them: the blocks are the first that have the extremes. */
export interface KnownStretch extends Pick<RunSummary, 'count' | 'firstTime' | 'min' | 'max' | 'statusBits'> {
  readonly from: number;
  readonly to: number;
  readonly minBlock: number;
  readonly maxBlock: number;
}

/** The samples that something is asked of. */
const scratch = new RunMemory();

export class StretchSummary implements RunSummary {
  readonly count: number;
  readonly firstTime: number;
  readonly min: number;
  readonly max: number;
  readonly statusBits: number;
  readonly #owner: BlockOwner;
  readonly #known: KnownStretch;
  #found: RunSummary | undefined;

  /** `known` is exact. */
  constructor(owner: BlockOwner, known: KnownStretch) {
    this.#owner = owner;
    this.#known = known;
    this.count = known.count;
    this.firstTime = known.firstTime;
    this.min = known.min;
    this.max = known.max;
    this.statusBits = known.statusBits;
  }

  get first(): number {
    return this.#owner.values(this.#known.from)[0];
  }

  get lastTime(): number {
    const times = this.#owner.times(this.#known.to - 1);
    return times[times.length - 1];
  }

  get last(): number {
    const values = this.#owner.values(this.#known.to - 1);
    return values[values.length - 1];
  }

  get minTime(): number {
    return this.#timeOf(this.min, this.#known.minBlock);
  }

  get maxTime(): number {
    return this.#timeOf(this.max, this.#known.maxBlock);
  }

  get minCount(): number {
    return this.#rest.minCount;
  }

  get maxCount(): number {
    return this.#rest.maxCount;
  }

  get sum(): number {
    return this.#rest.sum;
  }

  get sumOfSquares(): number {
    return this.#rest.sumOfSquares;
  }

  get slopedArea(): number {
    return this.#rest.slopedArea;
  }

  get steppedArea(): number {
    return this.#rest.steppedArea;
  }

  /** When the first sample of a block had the value. */
  #timeOf(value: number, block: number): number {
    const row = this.#owner.values(block).indexOf(value);
    return this.#owner.times(block)[row];
  }

  get #rest(): RunSummary {
    this.#found ??= summariseNumbers(this.#owner.rows(this.#known.from, this.#known.to, scratch));
    return this.#found;
  }
}
