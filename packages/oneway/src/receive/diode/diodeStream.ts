/** One stream of a sender: from the symbols of its groups to blocks, tag lists and heartbeats for the sink. */

import { crc32 } from 'node:zlib';
import { checkBlock } from '@tidegate/core/block/decodeBlock.ts';
import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { Fault } from '@tidegate/core/fault/fault.ts';
import type { BlockSink, StreamName } from '@tidegate/core/port/blockSink.ts';
import type { DatagramHeader } from '../../frame/diode/datagramLayout.ts';
import type { ErasureCode } from '../../frame/diode/erasureCode.ts';
import { type DiodeRecord, RecordReader } from '../../frame/diode/recordReader.ts';
import type { StreamBeat } from '../../frame/diode/streamBeat.ts';
import { FrameKind, TAGS_AT, viewOf } from '../../frame/frameLayout.ts';
import { TagListReader } from '../../frame/tagList.ts';
import { BlockDelivery } from './blockDelivery.ts';
import { type DiodeGap, GapTracker } from './gapTracker.ts';
import { GroupWindow, type WindowCounts } from './groupWindow.ts';

export interface DiodeStreamOptions {
  readonly gateway: string;
  readonly sink: BlockSink;
  readonly clock: Clock;
  readonly code: ErasureCode;
  readonly reorderMs: number;
  readonly pendingBytes: number;
  readonly onGap: (gap: DiodeGap) => void;
  readonly onFault: (stream: StreamName | undefined, fault: Fault) => void;
}

export interface DiodeStreamStatus extends WindowCounts {
  readonly lane: StreamName['lane'] | undefined;
  /** Blocks handed to the sink, and blocks for which there was no room because the sink was too slow. */
  readonly blocks: number;
  readonly overflowed: number;
  readonly gaps: number;
  /** In hexadecimal; `undefined` before the first heartbeat. */
  readonly configurationDigest: string | undefined;
  /** Data and parity symbols of the group seen last. */
  readonly k: number;
  readonly m: number;
}

/** Beats that wait for the groups they count; a sender sends two a second. */
const MAX_WAITING_BEATS = 64;

export class DiodeStream {
  readonly #options: DiodeStreamOptions;
  readonly #window: GroupWindow;
  readonly #records = new RecordReader();
  readonly #tagList = new TagListReader();
  readonly #gaps: GapTracker;
  readonly #delivery: BlockDelivery;
  readonly #beats: StreamBeat[] = [];
  #name: StreamName | undefined;
  /** The bytes that come next begin in the middle of a record. */
  #astray = false;
  #tagsChecksum = -1;
  #blocks = 0;
  #overflowed = 0;
  #gapCount = 0;
  #digest: Uint8Array | undefined;

  /** Groups below `floor` were handed on before the receiver was started. */
  constructor(options: DiodeStreamOptions, floor?: number) {
    this.#options = options;
    const { sink, clock, code, reorderMs, pendingBytes, onFault } = options;
    this.#gaps = new GapTracker((epoch) => {
      return this.#name && sink.position(this.#name, { epoch, sequence: 0 }, 'live');
    });
    this.#delivery = new BlockDelivery({
      ...{ sink, clock, maxBytes: pendingBytes },
      onFault: (fault, dropped) => {
        if (dropped) this.#gaps.lose();
        onFault(this.#name, fault);
      },
    });
    this.#window = new GroupWindow(
      {
        ...{ code, reorderMs },
        onGroup: (data, firstRecord) => this.#read(data, firstRecord),
        onLost: () => this.#lose(),
        onJoin: () => {
          this.#astray = true;
          this.#gaps.join();
        },
      },
      floor,
    );
  }

  /** The next group to hand on; `undefined` before the first. */
  get floor(): number | undefined {
    return this.#window.next;
  }

  get status(): DiodeStreamStatus {
    const { counts, shape } = this.#window;
    return {
      ...{ ...counts, ...shape, lane: this.#name?.lane, blocks: this.#blocks, overflowed: this.#overflowed },
      ...{ gaps: this.#gapCount, configurationDigest: this.#digest && Buffer.from(this.#digest).toString('hex') },
    };
  }

  /** A symbol that is proved to be the sender's. */
  take(header: DatagramHeader, payload: Uint8Array): void {
    if (!this.#window.take(header, payload, this.#options.clock.elapsedMs())) {
      this.#fault({ code: 'boundary.malformed', detail: `two forms of group ${header.group}` });
    }
    this.#takeBeats();
  }

  /** A heartbeat that is proved to be the sender's. */
  beat(header: DatagramHeader, beat: StreamBeat): void {
    this.#name ??= { gateway: beat.gateway, lane: beat.lane };
    this.#digest = beat.configurationDigest;
    this.#beats.push(beat);
    if (this.#beats.length > MAX_WAITING_BEATS) this.#beats.shift();
    this.#window.beat(header, beat.groups, this.#options.clock.elapsedMs());
    this.tick();
  }

  /** Gives up what is overdue. */
  tick(): void {
    this.#window.release(this.#options.clock.elapsedMs());
    this.#takeBeats();
  }

  /** The sender has begun anew, or the receiver stops: resolves when the sink holds all that came. */
  async finish(): Promise<void> {
    this.#window.finish();
    this.#takeBeats();
    await this.#delivery.finish();
  }

  /** A heartbeat says what will never come, so that it waits until all that was sent before it is handed on. */
  #takeBeats(): void {
    while (this.#beats.length > 0 && this.#beats[0].groups <= (this.#window.next ?? -1)) {
      const { gateway, lane, sent, heartbeat } = this.#beats.shift() as StreamBeat;
      if (sent) this.#report(this.#gaps.sent({ gateway, lane }, sent));
      this.#delivery.heartbeat({ gateway, lane }, { ...heartbeat, diode: true });
    }
  }

  #lose(): void {
    this.#records.reset();
    this.#astray = true;
    this.#gaps.lose();
  }

  #read(data: Uint8Array, firstRecord: number | undefined): void {
    if (this.#astray && firstRecord === undefined) return;
    const from = this.#astray ? (firstRecord as number) : 0;
    this.#astray = false;
    const read = this.#records.read(data.subarray(from), (record) => this.#takeRecord(record));
    if (read.ok) return;
    this.#fault(read.fault);
    this.#lose();
  }

  #takeRecord({ kind, payload }: DiodeRecord): void {
    if (kind === FrameKind.tags) this.#takeTags(payload);
    else this.#takeBlock(payload);
  }

  #takeTags(payload: Uint8Array): void {
    // The same list comes again every minute, and is read only where it is new.
    const checksum = viewOf(payload).getUint32(TAGS_AT.checksum, true);
    if (checksum === this.#tagsChecksum) return;
    const list = this.#tagList.read(payload);
    // A part without those before it tells nothing: a part of the same list may have been lost, and comes again.
    if (!list.ok || !list.value) return;
    this.#tagsChecksum = checksum;
    this.#delivery.tags(this.#options.gateway, list.value);
  }

  #takeBlock(payload: Uint8Array): void {
    const checked = checkBlock(payload, crc32);
    const fault = checked.ok ? this.#identityFault(checked.value.gateway) : checked.fault;
    if (fault || !checked.ok) {
      this.#gaps.lose();
      if (fault) this.#fault(fault);
      return;
    }
    const header = checked.value;
    this.#name ??= { gateway: header.gateway, lane: header.lane };
    if (!this.#delivery.block(header, payload)) {
      this.#overflowed++;
      this.#gaps.lose();
      return;
    }
    this.#blocks++;
    this.#report(this.#gaps.take(header));
  }

  #identityFault(gateway: string): Fault | undefined {
    if (gateway === this.#options.gateway) return undefined;
    return { code: 'boundary.identity', detail: `a block of ${gateway} under the key of ${this.#options.gateway}` };
  }

  #report(gap: DiodeGap | undefined): void {
    if (!gap) return;
    this.#gapCount++;
    this.#options.onGap(gap);
  }

  #fault(fault: Fault): void {
    this.#options.onFault(this.#name, fault);
  }
}
