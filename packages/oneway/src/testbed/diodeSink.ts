/** A block sink that takes runs side by side and holds a block once, as the ingest of the historian does. */

import type { BlockHeader, BlockPosition } from '@tidegate/core/block/sampleBlock.ts';
import { type Fault, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { BlockSink, Heartbeat, StreamName } from '@tidegate/core/port/blockSink.ts';
import type { TagDefinition } from '@tidegate/core/sample/tag.ts';

export class DiodeSink implements BlockSink {
  /** `lane/epoch/sequence` of each block, with its bytes, in the order of their coming. */
  readonly stored = new Map<string, Uint8Array>();
  readonly tagLists: (readonly TagDefinition[])[] = [];
  readonly heartbeats: { readonly stream: StreamName; readonly heartbeat: Heartbeat; readonly stored: number }[] = [];
  repeated = 0;
  /** While set, nothing is taken. */
  fault: Fault | undefined;

  /** Blocks of `lane`, by their sequences. */
  sequences(lane: string, epoch = 1): number[] {
    const prefix = `${lane}/${epoch}/`;
    return [...this.stored.keys()]
      .filter((key) => key.startsWith(prefix))
      .map((key) => Number(key.slice(prefix.length)));
  }

  /** Over a diode nobody asks. */
  async admit(): Promise<Result<void>> {
    return success(undefined);
  }

  position({ lane }: StreamName, first: BlockPosition): BlockPosition | undefined {
    let { sequence } = first;
    while (this.stored.has(`${lane}/${first.epoch}/${sequence}`)) sequence++;
    return sequence > first.sequence ? { epoch: first.epoch, sequence: sequence - 1 } : undefined;
  }

  async append({ lane, epoch, sequence }: BlockHeader, bytes: Uint8Array): Promise<Result<void>> {
    await new Promise(setImmediate);
    if (this.fault) return { ok: false, fault: this.fault };
    const key = `${lane}/${epoch}/${sequence}`;
    if (this.stored.has(key)) this.repeated++;
    else this.stored.set(key, bytes);
    return success(undefined);
  }

  async defineTags(_gateway: string, tags: readonly TagDefinition[]): Promise<Result<void>> {
    if (this.fault) return { ok: false, fault: this.fault };
    this.tagLists.push(tags);
    return success(undefined);
  }

  heartbeat(stream: StreamName, heartbeat: Heartbeat): void {
    this.heartbeats.push({ stream, heartbeat, stored: this.stored.size });
  }
}
