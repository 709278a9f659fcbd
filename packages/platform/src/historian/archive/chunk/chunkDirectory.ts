/** What the directories of one chunk say of its blocks, in columns that are filled again for the next: no object is made for a block. */

import type { ByteSource } from './byteSource.ts';
import { BLOCK_SAMPLES, TimeCoding, ValueCoding } from './chunkLayout.ts';
import { LagDirectory } from './lagColumn.ts';
import type { FieldUnpacker } from './packedFields.ts';
import { TimeDirectory } from './timeColumn.ts';
import { BitsDirectory, LevelDirectory } from './valueColumn.ts';

/** What the head of a chunk says of its directories. */
export interface ChunkForm {
  readonly count: number;
  readonly minTime: number;
  readonly timeCoding: number;
  readonly valueCoding: ValueCoding;
}

export class ChunkDirectory {
  readonly #times = new TimeDirectory();
  readonly #levels = new LevelDirectory();
  readonly #bits = new BitsDirectory();
  readonly #lags = new LagDirectory();
  /** Of the chunk whose directories were read last. */
  form: ChunkForm = { count: 0, minTime: 0, timeCoding: TimeCoding.raw, valueCoding: ValueCoding.none };

  /** Reads the directories of times, values and lags, and tells how many words they say that the payload has. */
  read(source: ByteSource, form: ChunkForm): number {
    const { count, minTime, valueCoding } = form;
    this.form = form;
    let end = this.isTimeRaw ? count * 2 : this.#times.read(source, count, minTime);
    if (valueCoding === ValueCoding.bits) end = this.#bits.read(source, count, end);
    else if (valueCoding !== ValueCoding.none) end = this.#levels.read(source, valueCoding, count, end);
    return this.hasLags ? this.#lags.read(source, count, end) : end;
  }

  /** Whether times stand in the payload as they are. */
  get isTimeRaw(): boolean {
    return (this.form.timeCoding & TimeCoding.raw) !== 0;
  }

  get hasLags(): boolean {
    return (this.form.timeCoding & TimeCoding.lags) !== 0;
  }

  /** Where times are not raw. */
  firstTime(block: number): number {
    return this.#times.firstTimes[block];
  }

  /** Whether all values are known to be finite without a look at them. */
  get isFinite(): boolean {
    const { valueCoding } = this.form;
    return valueCoding !== ValueCoding.none && valueCoding !== ValueCoding.bits && this.#levels.isFinite;
  }

  /** The least value of a block of `count` samples; NaN where there is none, or one of them is not finite. */
  least(unpacker: FieldUnpacker, block: number, count: number): number {
    const { valueCoding } = this.form;
    if (valueCoding === ValueCoding.none) return Number.NaN;
    return valueCoding === ValueCoding.bits ? this.#bits.least(unpacker, block, count) : this.#levels.least(block);
  }

  /** As `least`. */
  greatest(unpacker: FieldUnpacker, block: number, count: number): number {
    const { valueCoding } = this.form;
    if (valueCoding === ValueCoding.none) return Number.NaN;
    return valueCoding === ValueCoding.bits
      ? this.#bits.greatest(unpacker, block, count)
      : this.#levels.greatest(block);
  }

  /** Writes the times, where they are not raw, of a block of `count` samples into a column from row `into`. */
  unpackTimes(unpacker: FieldUnpacker, block: number, count: number, times: Float64Array, into: number): void {
    this.#times.unpack(unpacker, block, count, times, into);
  }

  /** The same of values; 0 where there are none. */
  unpackValues(unpacker: FieldUnpacker, block: number, count: number, values: Float64Array, into: number): void {
    const { valueCoding } = this.form;
    if (valueCoding === ValueCoding.none) values.fill(0, into, into + count);
    else if (valueCoding === ValueCoding.bits) this.#bits.unpack(unpacker, block, count, values, into);
    else this.#levels.unpack(unpacker, block, count, values, into);
  }

  /** The same of lags, where there are any. */
  unpackLags(unpacker: FieldUnpacker, block: number, count: number, lags: Int32Array): void {
    this.#lags.unpack(unpacker, block, count, lags, block * BLOCK_SAMPLES);
  }
}
