/** One lane of a gateway that exists in a test only: seals blocks with the right positions and counts. */

import { crc32 } from 'node:zlib';
import { BlockEncoder } from '@tidegate/core/block/encodeBlock.ts';
import type { BlockHeader, SampleBlock } from '@tidegate/core/block/sampleBlock.ts';
import { SampleBlockBuilder } from '@tidegate/core/block/sampleBlockBuilder.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { EMPTY_TALLY } from '@tidegate/core/ledger/tally.ts';
import type { Lane } from '@tidegate/core/sample/lane.ts';
import type { SampleValue } from '@tidegate/core/sample/sample.ts';
import type { TagDefinition } from '@tidegate/core/sample/tag.ts';

/** A sample as [tag number, time, value, status]. */
export type Row = readonly [tag: number, time: number, value: SampleValue, status?: number];

export interface SealedBlock {
  readonly header: BlockHeader;
  readonly bytes: Uint8Array;
}

export class GatewayStream {
  readonly gateway: string;
  readonly lane: Lane;
  epoch = 1;
  sequence = 0;
  accepted = 0;
  readonly #encoder = new BlockEncoder(crc32);

  constructor(gateway = 'north', lane: Lane = 'operational') {
    this.gateway = gateway;
    this.lane = lane;
  }

  sealRows(rows: readonly Row[]): SealedBlock {
    const builder = new SampleBlockBuilder();
    for (const [tag, time, value, status] of rows) builder.push(tag, time, value, status ?? 0);
    return this.seal(builder);
  }

  seal(block: SampleBlock): SealedBlock {
    this.accepted += block.count;
    const { gateway, lane, epoch } = this;
    const tally = { ...EMPTY_TALLY, read: this.accepted, accepted: this.accepted };
    const header = { gateway, lane, epoch, tally, sequence: this.sequence++, sealedAt: 1 as Timestamp };
    return { header: { ...header, count: block.count }, bytes: this.#encoder.encode(header, block) };
  }
}

export function definitionOf(number: number, changes: Partial<TagDefinition> = {}): TagDefinition {
  const shape = { type: 'number', lane: 'operational', unit: 'bar', description: '', stepped: false } as const;
  return { ...shape, number, id: `tag-${number}`, path: `plant/area/tag-${number}`, aliases: [], ...changes };
}
