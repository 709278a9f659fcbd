/** A plant's values for benchmarks: drifting analogs, set points, counters and states, the same on every run. */

import { MAX_BLOCK_SAMPLES, type SampleBlock } from '@tidegate/core/block/sampleBlock.ts';
import { SampleBlockBuilder } from '@tidegate/core/block/sampleBlockBuilder.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';

export type SignalKind = 'analog' | 'setPoint' | 'counter' | 'state';

/** Six of ten tags are analogs, two set points, one a counter and one a state, as plants have them. */
export function signalKind(tag: number): SignalKind {
  const place = tag % 10;
  if (place < 6) return 'analog';
  if (place < 8) return 'setPoint';
  return place === 8 ? 'counter' : 'state';
}

const ANALOG_COUNTS = 16_383;
/** Devices are polled in groups; all samples of one answer share a time. */
const TAGS_PER_ANSWER = 100;

/**
 * Scans of `tagCount` tags, `scanMs` apart, cut into batches of `batchSamples` in the order in which answers come in:
 * tag after tag within an answer, one time for each answer, milliseconds of jitter between them.
 */
export class PlantValues {
  readonly #tagCount: number;
  readonly #scanUs: number;
  readonly #random = xorshift(0x9e3779b9);
  readonly #level: Float64Array;
  #scan = 0;
  #nextTag = 0;
  #answerTime = 0;

  constructor(tagCount: number, scanMs: number) {
    this.#tagCount = tagCount;
    this.#scanUs = scanMs * 1_000;
    this.#level = Float64Array.from({ length: tagCount }, () => Math.floor(this.#random() * ANALOG_COUNTS));
  }

  /** The next `count` samples, in columns of their own; times start at `startUs`. */
  batch(count: number, startUs: number): SampleBlock {
    if (count > MAX_BLOCK_SAMPLES) throw new RangeError(`a batch of ${count}`);
    const builder = new SampleBlockBuilder();
    while (builder.count < count) {
      if (this.#nextTag % TAGS_PER_ANSWER === 0) {
        const jitterUs = Math.floor(this.#random() * 8) * 1_000;
        this.#answerTime = startUs + this.#scan * this.#scanUs + jitterUs;
      }
      builder.pushNumber(this.#nextTag, this.#answerTime, this.#value(this.#nextTag), STATUS.Good);
      if (++this.#nextTag === this.#tagCount) {
        this.#nextTag = 0;
        this.#scan++;
      }
    }
    return builder;
  }

  #value(tag: number): number {
    const moved = movedLevel(signalKind(tag), this.#level[tag], this.#random());
    this.#level[tag] = moved;
    return moved;
  }
}

/** The next level of a signal from its last one; `random` is uniform in [0, 1). */
function movedLevel(kind: SignalKind, level: number, random: number): number {
  switch (kind) {
    case 'analog':
      // Raw counts of an analog-to-digital converter; conditioning scales them.
      return Math.max(0, Math.min(ANALOG_COUNTS, level + Math.round((random - 0.5) * 60)));
    case 'setPoint':
      return random < 0.002 ? Math.round(random * 100_000) / 2 : level;
    case 'counter':
      return level + Math.floor(random * 30);
    case 'state':
      return random < 0.01 ? Math.floor(random * 800) : level % 8;
  }
}

/** Uniform numbers in [0, 1), Marsaglia's xorshift with 32 bits. */
function xorshift(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
