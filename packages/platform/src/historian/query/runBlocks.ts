/** Cuts runs of samples into blocks, the form in which they are logged and handed from process to process. */

import { type SampleBlock, ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { SampleBlockBuilder } from '@tidegate/core/block/sampleBlockBuilder.ts';
import type { SampleRun } from '../archive/sampleRun.ts';

export interface TagRun {
  /** The number that the samples are to have in their blocks. */
  readonly tag: number;
  readonly run: SampleRun;
}

/** A block of this size is taken in a few milliseconds. */
const BLOCK_SAMPLES = 16_384;
/** A block of more bytes than `MAX_BLOCK_BYTES` could not be read again: text takes up to 3 bytes for each unit of UTF-16. */
const BLOCK_TEXT_LENGTH = 1024 * 1024;
/** A longer text does not fit. */
export const MAX_TEXT_LENGTH = 1024 * 1024;

/** The samples in their order, in blocks of full size: the same memory each time, good until the next one is asked for. */
export function* runBlocks(runs: Iterable<TagRun>): Generator<SampleBlock, void, undefined> {
  const block = new SampleBlockBuilder();
  let textLength = 0;
  for (const { tag, run } of runs) {
    const { times, values, kinds, statuses, strings } = run;
    for (let row = 0; row < times.length; row++) {
      if (kinds[row] === ValueKind.number) block.pushNumber(tag, times[row], values[row], statuses[row]);
      else if (kinds[row] === ValueKind.none) block.pushStatus(tag, times[row], statuses[row]);
      else {
        const text = strings[values[row]];
        textLength += text.length;
        block.pushString(tag, times[row], text, statuses[row]);
      }
      if (block.count < BLOCK_SAMPLES && textLength < BLOCK_TEXT_LENGTH) continue;
      yield block;
      block.clear();
      textLength = 0;
    }
  }
  if (block.count > 0) yield block;
}
