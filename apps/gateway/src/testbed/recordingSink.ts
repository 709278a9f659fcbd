/** The receiving end of a boundary test: keeps what comes across in memory, as a historian does on disk. */

import { crc32 } from 'node:zlib';
import { decodeBlock } from '@tidegate/core/block/decodeBlock.ts';
import type { BlockHeader, BlockPosition } from '@tidegate/core/block/sampleBlock.ts';
import { type Result, success } from '@tidegate/core/fault/fault.ts';
import type { BlockSink } from '@tidegate/core/port/blockSink.ts';
import type { Lane } from '@tidegate/core/sample/lane.ts';
import type { StatusCode } from '@tidegate/core/sample/statusCode.ts';
import type { TagDefinition } from '@tidegate/core/sample/tag.ts';

export class RecordingSink implements BlockSink {
  readonly samples: Record<Lane, number> = { operational: 0, analytical: 0, audit: 0 };
  tags: readonly TagDefinition[] = [];
  readonly #statuses = new Map<number, { readonly time: number; readonly status: StatusCode }[]>();
  readonly #held = new Set<string>();

  /** In the order of their times: what is live crosses beside what had to wait. */
  statusesOf(tag: TagDefinition | undefined): readonly StatusCode[] {
    const samples = (tag && this.#statuses.get(tag.number)) ?? [];
    return samples.toSorted((a, b) => a.time - b.time).map(({ status }) => status);
  }

  async admit(): Promise<Result<void>> {
    return success(undefined);
  }

  /** It does not say what it holds: what comes again is dropped. */
  position(): BlockPosition | undefined {
    return undefined;
  }

  append(header: BlockHeader, bytes: Uint8Array): Promise<Result<void>> {
    const place = `${header.lane}/${header.epoch}/${header.sequence}`;
    if (!this.#held.has(place)) {
      const decoded = decodeBlock(bytes, crc32);
      if (!decoded.ok) throw new Error(decoded.fault.detail);
      this.#held.add(place);
      this.samples[header.lane] += header.count;
      const { block } = decoded.value;
      for (let index = 0; index < block.count; index++) {
        const tag = block.tags[index];
        const sample = { time: block.times[index], status: block.statuses[index] as StatusCode };
        this.#statuses.set(tag, [...(this.#statuses.get(tag) ?? []), sample]);
      }
    }
    return Promise.resolve(success(undefined));
  }

  defineTags(_gateway: string, tags: readonly TagDefinition[]): Promise<Result<void>> {
    this.tags = tags;
    return Promise.resolve(success(undefined));
  }

  heartbeat(): void {}
}
