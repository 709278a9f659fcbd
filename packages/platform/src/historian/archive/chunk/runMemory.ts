/** Memory that samples are decoded into. */

import type { SampleRun } from '../sampleRun.ts';
import { MAX_CHUNK_SAMPLES } from './chunkLayout.ts';

/** Room for the samples of one chunk, which is used again for the next: each has a place of its own. */
export class RunMemory {
  readonly #room = denseRun(MAX_CHUNK_SAMPLES, []);

  /** A run to be filled with the samples from `from` to before `to` of a chunk, in place of those of the chunk before. */
  take(from: number, to: number, strings: readonly string[], isPlain: boolean): SampleRun {
    const { times, values, kinds, statuses } = this.#room;
    return {
      times: times.subarray(from, to),
      values: values.subarray(from, to),
      kinds: kinds.subarray(from, to),
      statuses: statuses.subarray(from, to),
      strings,
      isPlain,
    };
  }
}

/**
 * A run to be filled. Its columns stand in one piece of memory that is not cleared, because to get and clear memory costs
 * more than to unpack into it.
 */
export function denseRun(count: number, strings: readonly string[], isPlain = false): SampleRun {
  const memory = Buffer.allocUnsafeSlow(count * (8 + 8 + 4 + 1)).buffer;
  return {
    times: new Float64Array(memory, 0, count),
    values: new Float64Array(memory, count * 8, count),
    statuses: new Uint32Array(memory, count * 16, count),
    kinds: new Uint8Array(memory, count * 20, count),
    strings,
    isPlain,
  };
}
