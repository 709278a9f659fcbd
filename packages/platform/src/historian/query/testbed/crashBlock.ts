/** The blocks of the crash tests: what is in one follows from its sequence, so that any process can make or check it. */

import { SampleBlockBuilder } from '@tidegate/core/block/sampleBlockBuilder.ts';
import { GatewayStream, type SealedBlock } from './gatewayStream.ts';

export const CRASH_TAGS = 50;
/** Each tag has this many samples in each block. */
export const SAMPLES_PER_TAG = 20;

export function crashStream(): GatewayStream {
  return new GatewayStream('crash', 'analytical');
}

/** Samples of tag `t` are at the times `sequence * SAMPLES_PER_TAG + i` and have the value `time * 10 + t`. */
export function crashBlock(stream: GatewayStream, sequence: number): SealedBlock {
  const block = new SampleBlockBuilder();
  for (let time = sequence * SAMPLES_PER_TAG; time < (sequence + 1) * SAMPLES_PER_TAG; time++) {
    for (let tag = 0; tag < CRASH_TAGS; tag++) block.pushNumber(tag, time, time * 10 + tag, 0);
  }
  stream.sequence = sequence;
  stream.accepted = sequence * block.count;
  return stream.seal(block);
}
