/** Packs records into sets of groups whose symbols are sent in turn, so that a burst of losses is shared among groups. */

import type { BlockPosition } from '@tidegate/core/block/sampleBlock.ts';
import { NO_RECORD } from '../../frame/diode/datagramLayout.ts';
import { type ErasureCode, symbolBytesOf } from '../../frame/diode/erasureCode.ts';
import type { SentMark } from '../../frame/diode/streamBeat.ts';

export interface GroupShape {
  /** Data and parity symbols of a full group. */
  readonly k: number;
  readonly m: number;
  /** Bytes of a full symbol, a multiple of 16. */
  readonly symbolBytes: number;
  /** Groups of a full set. */
  readonly setGroups: number;
}

export interface Group {
  readonly number: number;
  readonly place: number;
  readonly k: number;
  readonly m: number;
  readonly symbolBytes: number;
  readonly groupBytes: number;
  readonly firstRecord: number;
  /** k symbols. */
  readonly data: Uint8Array;
  /** m symbols; made when they are first asked for, so that the work is spread over the sending. */
  parity(): Uint8Array;
}

/** Blocks of one run, one behind the other. */
export interface BlockStretch {
  readonly first: BlockPosition;
  readonly last: SentMark;
}

export interface GroupSet {
  readonly groups: readonly Group[];
  /** The blocks that end in the set, in the order in which they were put; live ones may come between those of a backlog. */
  readonly blocks: readonly BlockStretch[];
  readonly bytes: number;
}

/** Fills one set after the other. */
export class GroupSetBuilder {
  readonly #shape: GroupShape;
  readonly #code: ErasureCode;
  readonly #data: Uint8Array;
  readonly #recordStarts: number[] = [];
  #filled = 0;
  #blocks: BlockStretch[] = [];
  #nextGroup = 0;

  constructor(shape: GroupShape, code: ErasureCode) {
    this.#shape = shape;
    this.#code = code;
    this.#data = new Uint8Array(shape.setGroups * shape.k * shape.symbolBytes);
  }

  get empty(): boolean {
    return this.#filled === 0;
  }

  get full(): boolean {
    return this.#filled === this.#data.length;
  }

  /** The next byte begins a record; the set is not full. */
  beginRecord(): void {
    this.#recordStarts.push(this.#filled);
  }

  /** Takes as many of the bytes as there is room for, and says how many. */
  put(bytes: Uint8Array): number {
    const part = bytes.subarray(0, this.#data.length - this.#filled);
    this.#data.set(part, this.#filled);
    this.#filled += part.length;
    return part.length;
  }

  /** The bytes put last end a block. */
  endBlock(mark: SentMark): void {
    const stretch = this.#blocks.at(-1);
    const goesOn = stretch?.last.position.epoch === mark.position.epoch;
    if (stretch && goesOn) this.#blocks[this.#blocks.length - 1] = { first: stretch.first, last: mark };
    else this.#blocks.push({ first: mark.position, last: mark });
  }

  /** The set as it is now, which is not empty; the next one begins. */
  close(): GroupSet {
    const { k, symbolBytes } = this.#shape;
    const count = Math.ceil(this.#filled / (k * symbolBytes));
    const groupBytes = Math.ceil(this.#filled / count);
    const groups = Array.from({ length: count }, (_, place) => {
      const from = place * groupBytes;
      return this.#closeGroup(place, from, Math.min(from + groupBytes, this.#filled));
    });
    const set = { groups, blocks: this.#blocks, bytes: this.#filled };
    this.#nextGroup += count;
    this.#filled = 0;
    this.#blocks = [];
    this.#recordStarts.length = 0;
    return set;
  }

  #closeGroup(place: number, from: number, to: number): Group {
    const groupBytes = to - from;
    const k = Math.ceil(groupBytes / this.#shape.symbolBytes);
    const m = parityOf(k, this.#shape);
    const symbolBytes = symbolBytesOf(groupBytes, k);
    const data = new Uint8Array(k * symbolBytes);
    data.set(this.#data.subarray(from, to));
    const start = this.#recordStarts.find((at) => at >= from);
    const firstRecord = start !== undefined && start < to ? start - from : NO_RECORD;
    const code = this.#code;
    let made: Uint8Array | undefined;
    const parity = () => {
      made ??= code.encode(data, k, m, symbolBytes);
      return made;
    };
    return { number: this.#nextGroup + place, place, k, m, symbolBytes, groupBytes, firstRecord, data, parity };
  }
}

/**
 * Short groups are sent when the link has nothing else to do, and few symbols need more parity in proportion: as many as
 * there are data symbols, at least two, and never more than a full group has.
 */
function parityOf(k: number, shape: GroupShape): number {
  return Math.min(shape.m, Math.max(2, k));
}
