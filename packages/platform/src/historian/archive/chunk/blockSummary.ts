/** A block of good numbers as a summary: what the chunk's directories tell is at hand, the rest is found when it is asked for. */

import type { RunSummary } from '../runSummary.ts';

/** Where a block stands. */
export interface BlockOwner {
  /** Decodes a block of good numbers. */
  summarise(block: number): RunSummary;
}

export class BlockSummary implements RunSummary {
  readonly count: number;
  readonly firstTime: number;
  readonly min: number;
  readonly max: number;
  readonly statusBits: number;
  readonly #chunk: BlockOwner;
  readonly #block: number;
  #found: RunSummary | undefined;

  /** `known` is exact. */
  constructor(
    chunk: BlockOwner,
    block: number,
    known: Pick<RunSummary, 'count' | 'firstTime' | 'min' | 'max' | 'statusBits'>,
  ) {
    this.#chunk = chunk;
    this.#block = block;
    this.count = known.count;
    this.firstTime = known.firstTime;
    this.min = known.min;
    this.max = known.max;
    this.statusBits = known.statusBits;
  }

  get lastTime(): number {
    return this.#rest.lastTime;
  }

  get first(): number {
    return this.#rest.first;
  }

  get last(): number {
    return this.#rest.last;
  }

  get minTime(): number {
    return this.#rest.minTime;
  }

  get maxTime(): number {
    return this.#rest.maxTime;
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

  get #rest(): RunSummary {
    this.#found ??= this.#chunk.summarise(this.#block);
    return this.#found;
  }
}
