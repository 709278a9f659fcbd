/** Memory that samples are decoded into. */

import { type SampleRun, sliceRun } from '../sampleRun.ts';
import { MAX_CHUNK_SAMPLES } from './chunkLayout.ts';

/** Room for the samples of one chunk, which is used again for the next. */
export class RunMemory {
  readonly #room = denseRun(MAX_CHUNK_SAMPLES, []);

  /** A run of `count` samples to be filled, in place of the one before. */
  take(count: number, strings: readonly string[]): SampleRun {
    const { times, values, kinds, statuses } = sliceRun(this.#room, 0, count);
    return { times, values, kinds, statuses, strings };
  }
}

/**
 * A run to be filled. Its columns stand in one piece of memory that is not cleared, because to get and clear memory costs
 * more than to unpack into it.
 */
export function denseRun(count: number, strings: readonly string[]): SampleRun {
  const memory = Buffer.allocUnsafeSlow(count * (8 + 8 + 4 + 1)).buffer;
  return {
    times: new Float64Array(memory, 0, count),
    values: new Float64Array(memory, count * 8, count),
    statuses: new Uint32Array(memory, count * 16, count),
    kinds: new Uint8Array(memory, count * 20, count),
    strings,
  };
}
