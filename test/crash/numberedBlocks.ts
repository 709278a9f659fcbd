/** Blocks whose samples follow from the block's number in its stream, so that any process can make them or check them. */

import { SampleBlockBuilder } from '@tidegate/core/block/sampleBlockBuilder.ts';
import { LANES, type Lane } from '@tidegate/core/sample/lane.ts';
import type { TagDefinition } from '@tidegate/core/sample/tag.ts';
import {
  definitionOf,
  GatewayStream,
  type SealedBlock,
} from '@tidegate/platform/historian/query/testbed/gatewayStream.ts';

export const GATEWAY = 'north';
/** Tags that each lane has samples of; further ones are defined while blocks come in. */
export const TAGS_PER_LANE = 6;
export const SAMPLED_TAGS = TAGS_PER_LANE * LANES.length;
/** Each tag has this many samples in each block. */
export const SAMPLES_PER_TAG = 20;
export const SAMPLES_PER_BLOCK = TAGS_PER_LANE * SAMPLES_PER_TAG;
/** Good, uncertain with a last usable value, bad with a sensor failure, each with other bits as well (OPC 10000-4, 7.39). */
const STATUSES = [0, 0x40900000, 0x408f0400, 0x80000000, 0x808c0000, 0x00000480];

export function numberedStream(lane: Lane): GatewayStream {
  return new GatewayStream(GATEWAY, lane);
}

/** The gateway's whole list when it has `count` tags. */
export function definitionsOf(count: number): TagDefinition[] {
  return Array.from({ length: count }, (_, number) => definitionOf(number));
}

export function numberOf(lane: Lane, tag: number): number {
  return LANES.indexOf(lane) * TAGS_PER_LANE + tag;
}

/** Every four blocks come in the opposite order of their times, so that what is sealed with one overlaps the others. */
export function firstTimeOf(sequence: number): number {
  return (sequence ^ 3) * SAMPLES_PER_TAG;
}

/** `null` where the sample has no value. */
export function sampledValue(number: number, time: number): number | null {
  return time % 11 === number ? null : time * 100 + number + 0.25;
}

export function sampledStatus(number: number, time: number): number {
  return time % 11 === number
    ? 0x80000000 + (time & 0x3ff)
    : STATUSES[Math.floor((time + number) / 5) % STATUSES.length];
}

export function numberedBlock(stream: GatewayStream, sequence: number): SealedBlock {
  const block = new SampleBlockBuilder();
  const first = firstTimeOf(sequence);
  for (let time = first; time < first + SAMPLES_PER_TAG; time++) {
    for (let tag = 0; tag < TAGS_PER_LANE; tag++) {
      const number = numberOf(stream.lane, tag);
      block.push(number, time, sampledValue(number, time), sampledStatus(number, time));
    }
  }
  stream.sequence = sequence;
  stream.accepted = sequence * block.count;
  return stream.seal(block);
}
