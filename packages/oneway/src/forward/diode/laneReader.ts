/** Takes the blocks of one lane from its source and packs them into sets. */

import { crc32 } from 'node:zlib';
import { checkBlock } from '@tidegate/core/block/decodeBlock.ts';
import type { BlockPosition } from '@tidegate/core/block/sampleBlock.ts';
import { type Clock, delay } from '@tidegate/core/clock/clock.ts';
import type { BlockSource, SpooledBlock } from '@tidegate/core/port/blockSource.ts';
import type { TagDefinition } from '@tidegate/core/sample/tag.ts';
import { FRAME_HEADER_BYTES, FrameKind, writeFrameHeader } from '../../frame/frameLayout.ts';
import { encodeTagList } from '../../frame/tagList.ts';
import type { GroupSetBuilder } from './groupSet.ts';
import type { LaneQueue } from './laneQueue.ts';

export interface LaneReaderOptions {
  readonly source: BlockSource;
  readonly tags: () => readonly TagDefinition[];
  readonly clock: Clock;
  readonly builder: GroupSetBuilder;
  readonly queue: LaneQueue;
  /** How long a block may wait for others while the link has nothing else of this lane to send. */
  readonly flushMs: number;
}

const READ_BYTES = 256 * 1024;

/** Invariant: a tag list goes before every block that was read after the list changed. */
export class LaneReader {
  readonly #options: LaneReaderOptions;
  readonly #stopping = new AbortController();
  #tagsPending = true;
  #tagsRevision = 0;
  #interrupt = new AbortController();
  #oldestAtMs = 0;

  constructor(options: LaneReaderOptions) {
    this.#options = options;
  }

  tagsChanged(): void {
    this.#tagsPending = true;
    this.#interrupt.abort();
  }

  stop(): void {
    this.#stopping.abort();
    this.#interrupt.abort();
  }

  /**
   * Live blocks first, the backlog before them where there are none. Resolves when it has been stopped; rejects where the
   * source threw, which is a bug.
   */
  async run(): Promise<void> {
    const { source, queue } = this.#options;
    const live = source.beginRun();
    let after: BlockPosition = { epoch: live.epoch, sequence: live.sequence - 1 };
    let afterBacklog: BlockPosition | undefined;
    while (!this.#stopping.signal.aborted) {
      this.#interrupt = new AbortController();
      if (this.#tagsPending) await this.#putTags();
      const blocks = await source.read(after, READ_BYTES);
      const backlog = blocks.length > 0 ? [] : await source.read(afterBacklog, READ_BYTES, live);
      for (const block of blocks) await this.#putBlock(block);
      for (const block of backlog) await this.#putBlock(block);
      after = blocks.at(-1) ?? after;
      afterBacklog = backlog.at(-1) ?? afterBacklog;
      if (blocks.length + backlog.length === 0) await this.#wait(after);
      else if (queue.idle && this.#remainingMs() <= 0) await this.#flush();
    }
  }

  /** For the next block, or until what is packed has waited long enough. */
  async #wait(after: BlockPosition): Promise<void> {
    const { source, clock, builder } = this.#options;
    const { signal } = this.#interrupt;
    if (this.#stopping.signal.aborted || signal.aborted) return;
    if (!builder.empty && this.#remainingMs() <= 0) return this.#flush();
    const waiting = source.wait(after, signal);
    if (builder.empty) return waiting;
    await Promise.race([waiting, delay(clock, this.#remainingMs(), signal)]);
    this.#interrupt.abort();
    await waiting;
  }

  #remainingMs(): number {
    const { builder, clock, flushMs } = this.#options;
    return builder.empty ? flushMs : Math.ceil(this.#oldestAtMs + flushMs - clock.elapsedMs());
  }

  async #flush(): Promise<void> {
    const { builder, queue } = this.#options;
    await queue.room();
    if (!this.#stopping.signal.aborted && !builder.empty) queue.push(builder.close());
  }

  async #putBlock(block: SpooledBlock): Promise<void> {
    await this.#putRecord(FrameKind.block, block.bytes);
    const header = checkBlock(block.bytes, crc32);
    const accepted = header.ok ? header.value.tally.accepted : 0;
    this.#options.builder.endBlock({ position: { epoch: block.epoch, sequence: block.sequence }, accepted });
  }

  async #putTags(): Promise<void> {
    this.#tagsPending = false;
    for (const part of encodeTagList(this.#options.tags(), this.#tagsRevision++)) {
      await this.#putRecord(FrameKind.tags, part);
    }
  }

  async #putRecord(kind: FrameKind, payload: Uint8Array): Promise<void> {
    const { builder, clock } = this.#options;
    if (builder.full) await this.#flush();
    if (builder.empty) this.#oldestAtMs = clock.elapsedMs();
    const header = new Uint8Array(FRAME_HEADER_BYTES);
    writeFrameHeader(header, 0, kind, payload.length);
    builder.beginRecord();
    await this.#put(header);
    await this.#put(payload);
  }

  async #put(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length && !this.#stopping.signal.aborted; ) {
      if (this.#options.builder.full) await this.#flush();
      at += this.#options.builder.put(bytes.subarray(at));
    }
  }
}
