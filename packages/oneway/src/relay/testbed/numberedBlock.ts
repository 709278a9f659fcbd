/** Blocks as a gateway makes them, whose one tag counts the samples of the lane. */

import { crc32 } from 'node:zlib';
import { checkBlock } from '@tidegate/core/block/decodeBlock.ts';
import { BlockEncoder } from '@tidegate/core/block/encodeBlock.ts';
import type { BlockHeader } from '@tidegate/core/block/sampleBlock.ts';
import { SampleBlockBuilder } from '@tidegate/core/block/sampleBlockBuilder.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { EMPTY_TALLY } from '@tidegate/core/ledger/tally.ts';
import type { Lane } from '@tidegate/core/sample/lane.ts';

export interface NumberedBlock {
  readonly header: BlockHeader;
  readonly bytes: Uint8Array;
}

export interface BlockPlace {
  readonly gateway?: string;
  readonly lane?: Lane;
  readonly epoch?: number;
  readonly sequence: number;
  /** Accepted by the lane before this block. */
  readonly accepted?: number;
  readonly samples?: number;
}

const encoder = new BlockEncoder(crc32);

export function numberedBlock(place: BlockPlace): NumberedBlock {
  const { gateway = 'north', lane = 'operational', epoch = 1, sequence, samples = 10 } = place;
  const first = place.accepted ?? sequence * samples;
  const builder = new SampleBlockBuilder();
  for (let value = first; value < first + samples; value++) builder.pushNumber(0, value, value, 0);
  const tally = { ...EMPTY_TALLY, read: first + samples, accepted: first + samples };
  const header = { gateway, lane, epoch, sequence, sealedAt: (sequence * 1000) as Timestamp, tally };
  const bytes = encoder.encode(header, builder);
  return { header: headerOf(bytes), bytes };
}

export function headerOf(bytes: Uint8Array): BlockHeader {
  const checked = checkBlock(bytes, crc32);
  if (!checked.ok) throw new Error(checked.fault.detail);
  return checked.value;
}
