/** Samples as gateways and imports brought them, before any change of history. */

import type { TagIndex } from '../../ingest/storedTag.ts';
import { lowerBound, type SampleRun, sliceRun } from '../sampleRun.ts';

export interface BaseSamples {
  readonly run: SampleRun;
  /**
   * When the server took each sample (µs), by the recording clock that stamps edits as well; of equal times it ascends.
   * Where it is not known the samples count as older than every edit.
   */
  readonly received: Float64Array | undefined;
}

/** The samples with `start <= time < end`, in batches that ascend in time, each with when it was received. */
export type ReadBase = (tag: TagIndex, start: number, end: number) => AsyncIterable<BaseSamples>;

/** The samples from row `from` to before row `to`; shares memory with `base`. */
export function sliceBase({ run, received }: BaseSamples, from: number, to: number): BaseSamples {
  return { run: sliceRun(run, from, to), received: received?.subarray(from, to) };
}

/** The samples with `start <= time < end`; shares memory with `base`. */
export function clipBase(base: BaseSamples, start: number, end: number): BaseSamples {
  return sliceBase(base, lowerBound(base.run.times, start), lowerBound(base.run.times, end));
}
