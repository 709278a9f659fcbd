/** Gathers runs of one tag and writes them in chunks of full size. */

import { MAX_CHUNK_SAMPLES } from '../chunk/chunkLayout.ts';
import { joinRuns } from '../joinRuns.ts';
import { type SampleRun, sliceRun } from '../sampleRun.ts';
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
    const all = this.#runs.length === 1 ? this.#runs[0] : joinRuns(this.#runs);
    const written = sliceRun(all, 0, count);
    this.#writer.add(this.#tag, written, Uint32Array.from(written.received ?? []));
    this.#runs = count < this.#count ? [sliceRun(all, count, this.#count)] : [];
    this.#count -= count;
  }
}
