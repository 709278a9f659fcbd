/** Gathers runs of one tag and writes them in chunks of full size. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { MAX_CHUNK_SAMPLES } from '../chunk/chunkLayout.ts';
import { blankRun, type SampleRun, sliceRun } from '../sampleRun.ts';
import type { SegmentWriter } from '../segment/segmentWriter.ts';

/** So many samples are gathered before any are written: whole chunks, and few of them. */
const GATHERED_SAMPLES = MAX_CHUNK_SAMPLES * 8;

export class TagSamples {
  readonly #writer: SegmentWriter;
  readonly #tag: number;
  #runs: SampleRun[] = [];
  #count = 0;

  constructor(writer: SegmentWriter, tag: number) {
    this.#writer = writer;
    this.#tag = tag;
  }

  /** `received` of the run holds the row of each sample's receipt. Throws what the file system says. */
  add(run: SampleRun): void {
    if (run.times.length === 0) return;
    this.#runs.push(run);
    this.#count += run.times.length;
    if (this.#count >= GATHERED_SAMPLES) this.#write(this.#count - (this.#count % MAX_CHUNK_SAMPLES));
  }

  /** Writes what is left. Throws what the file system says. */
  flush(): void {
    if (this.#count > 0) this.#write(this.#count);
  }

  #write(count: number): void {
    const all = joined(this.#runs);
    const written = sliceRun(all, 0, count);
    this.#writer.add(this.#tag, written, Uint32Array.from(written.received ?? []));
    this.#runs = count < this.#count ? [sliceRun(all, count, this.#count)] : [];
    this.#count -= count;
  }
}

function joined(runs: readonly SampleRun[]): SampleRun {
  if (runs.length === 1) return runs[0];
  const count = runs.reduce((sum, { times }) => sum + times.length, 0);
  const strings: string[] = [];
  const all = { ...blankRun(count, strings), received: new Float64Array(count) };
  let at = 0;
  for (const run of runs) {
    const { times, values, kinds, statuses, received } = run;
    all.times.set(times, at);
    all.values.set(values, at);
    all.kinds.set(kinds, at);
    all.statuses.set(statuses, at);
    if (received) all.received.set(received, at);
    if (run.strings.length > 0) {
      for (let row = 0; row < kinds.length; row++)
        if (kinds[row] === ValueKind.string) all.values[at + row] += strings.length;
      for (const text of run.strings) strings.push(text);
    }
    at += times.length;
  }
  return all;
}
