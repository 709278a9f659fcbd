/**
 * What waits in a spool, oldest first: for each durable block that has not been acknowledged its record in the journal,
 * its position and its size. Columns, because a spool that nobody empties for days holds millions of blocks.
 */

import { type BlockPosition, comparePositions } from '@tidegate/core/block/sampleBlock.ts';
import type { SpoolDepth } from '@tidegate/core/port/blockSource.ts';

export interface IndexedBlock extends BlockPosition {
  readonly record: number;
  readonly samples: number;
  readonly bytes: number;
  /** The lane's count of accepted samples up to and including this block. */
  readonly accepted: number;
}

/**
 * Blocks that wait no more: which of the lane's accepted samples they held, counted from its first one. What lies between
 * them and is not among them did not wait any more before.
 */
export interface RemovedBlocks {
  readonly samples: number;
  /** Accepted before the first of the blocks, and up to the end of the last. */
  readonly from: number;
  readonly to: number;
}

const INITIAL_CAPACITY = 256;

export class BlockIndex {
  /** Entries are in [head, tail) of each column. */
  #head = 0;
  #tail = 0;
  #records = new Float64Array(INITIAL_CAPACITY);
  #epochs = new Float64Array(INITIAL_CAPACITY);
  #sequences = new Float64Array(INITIAL_CAPACITY);
  #samples = new Uint32Array(INITIAL_CAPACITY);
  #bytes = new Uint32Array(INITIAL_CAPACITY);
  #accepted = new Float64Array(INITIAL_CAPACITY);
  #totalSamples = 0;
  #totalBytes = 0;

  get depth(): SpoolDepth {
    return { blocks: this.#tail - this.#head, samples: this.#totalSamples, bytes: this.#totalBytes };
  }

  /** The record of the oldest block; `undefined` where none waits. */
  get oldestRecord(): number | undefined {
    return this.#head === this.#tail ? undefined : this.#records[this.#head];
  }

  get oldest(): BlockPosition | undefined {
    return this.#positionAt(this.#head);
  }

  /** How many blocks wait at or behind `position`. */
  blocksFrom(position: BlockPosition): number {
    return this.#tail - this.#placeAt(position);
  }

  /** Takes in a block, whose record and position are behind all others. */
  push(block: IndexedBlock): void {
    if (this.#tail === this.#records.length) this.#makeRoom();
    const at = this.#tail++;
    this.#records[at] = block.record;
    this.#epochs[at] = block.epoch;
    this.#sequences[at] = block.sequence;
    this.#samples[at] = block.samples;
    this.#bytes[at] = block.bytes;
    this.#accepted[at] = block.accepted;
    this.#totalSamples += block.samples;
    this.#totalBytes += block.bytes;
  }

  /** The record of the first block behind `position` and before `before`; `undefined` where there is none. */
  recordAfter(position: BlockPosition | undefined, before?: BlockPosition): number | undefined {
    const at = position ? this.#placeBehind(position) : this.#head;
    const end = before ? this.#placeAt(before) : this.#tail;
    return at < end ? this.#records[at] : undefined;
  }

  positionOf(record: number): BlockPosition | undefined {
    const at = this.#placeOf(record);
    return this.#records[at] === record ? this.#positionAt(at) : undefined;
  }

  /** Forgets the blocks from `first` up to and including `last`; `undefined` where there was none. */
  removeThrough(first: BlockPosition, last: BlockPosition): RemovedBlocks | undefined {
    return this.#remove(this.#placeAt(first), this.#placeBehind(last));
  }

  /** Forgets every block in a record below `record`. */
  removeBelow(record: number): RemovedBlocks | undefined {
    return this.#remove(this.#head, this.#placeOf(record));
  }

  /** Forgets the blocks in the records from `first` to below `end`, wherever they stand. */
  removeRange(first: number, end: number): RemovedBlocks | undefined {
    return this.#remove(this.#placeOf(first), this.#placeOf(end));
  }

  #columns(): (Float64Array | Uint32Array)[] {
    return [this.#records, this.#epochs, this.#sequences, this.#samples, this.#bytes, this.#accepted];
  }

  /** What is behind the blocks moves up: nothing where they are the oldest, and little where they are almost the newest. */
  #remove(from: number, to: number): RemovedBlocks | undefined {
    const removed = this.#countOut(from, to);
    if (!removed) return undefined;
    if (from === this.#head) this.#head = to;
    else {
      for (const column of this.#columns()) column.copyWithin(from, to, this.#tail);
      this.#tail -= to - from;
    }
    return removed;
  }

  #positionAt(place: number): BlockPosition | undefined {
    return place < this.#tail ? { epoch: this.#epochs[place], sequence: this.#sequences[place] } : undefined;
  }

  #countOut(first: number, end: number): RemovedBlocks | undefined {
    if (first >= end) return undefined;
    let samples = 0;
    for (let at = first; at < end; at++) {
      samples += this.#samples[at];
      this.#totalBytes -= this.#bytes[at];
    }
    this.#totalSamples -= samples;
    return { samples, from: this.#accepted[first] - this.#samples[first], to: this.#accepted[end - 1] };
  }

  #placeBehind(position: BlockPosition): number {
    return this.#search((at) => this.#order(at, position) > 0);
  }

  #placeAt(position: BlockPosition): number {
    return this.#search((at) => this.#order(at, position) >= 0);
  }

  #order(place: number, position: BlockPosition): number {
    return comparePositions({ epoch: this.#epochs[place], sequence: this.#sequences[place] }, position);
  }

  #placeOf(record: number): number {
    return this.#search((at) => this.#records[at] >= record);
  }

  /** The first place for which `isBehind` holds, which must hold for all places behind it, too. */
  #search(isBehind: (at: number) => boolean): number {
    let low = this.#head;
    let high = this.#tail;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isBehind(middle)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Moves the entries to the front where half the space is free there, and to columns of twice the length otherwise. */
  #makeRoom(): void {
    const used = this.#tail - this.#head;
    const capacity = used * 2 > this.#records.length ? this.#records.length * 2 : this.#records.length;
    const moved = <Column extends Float64Array | Uint32Array>(from: Column, to: Column): Column => {
      to.set(from.subarray(this.#head, this.#tail));
      return to;
    };
    this.#records = moved(this.#records, new Float64Array(capacity));
    this.#epochs = moved(this.#epochs, new Float64Array(capacity));
    this.#sequences = moved(this.#sequences, new Float64Array(capacity));
    this.#samples = moved(this.#samples, new Uint32Array(capacity));
    this.#bytes = moved(this.#bytes, new Uint32Array(capacity));
    this.#accepted = moved(this.#accepted, new Float64Array(capacity));
    this.#head = 0;
    this.#tail = used;
  }
}
