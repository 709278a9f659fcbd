/** Collects samples into the columns of a block; the columns grow by doubling and are used again after `clear`. */

import type { SampleValue } from '../sample/sample.ts';
import { MAX_BLOCK_SAMPLES, type SampleBlock, ValueKind } from './sampleBlock.ts';

const INITIAL_CAPACITY = 256;

export class SampleBlockBuilder implements SampleBlock {
  count = 0;
  tags = new Uint32Array(INITIAL_CAPACITY);
  times = new Float64Array(INITIAL_CAPACITY);
  values = new Float64Array(INITIAL_CAPACITY);
  kinds = new Uint8Array(INITIAL_CAPACITY);
  statuses = new Uint32Array(INITIAL_CAPACITY);
  strings: string[] = [];
  readonly #stringIndex = new Map<string, number>();

  get full(): boolean {
    return this.count >= MAX_BLOCK_SAMPLES;
  }

  hasRoomFor(samples: number): boolean {
    return this.count + samples <= MAX_BLOCK_SAMPLES;
  }

  /** Appends one sample of the columns of `from`, whose strings are its own. The caller asks `full` before. */
  copy(from: SampleBlock, index: number): void {
    const kind = from.kinds[index];
    const value = kind === ValueKind.string ? this.#indexOf(from.strings[from.values[index]]) : from.values[index];
    this.#append(from.tags[index], from.times[index], value, kind, from.statuses[index]);
  }

  /** Appends the samples of `from` with `start <= index < end`; the caller asks `hasRoomFor` before. */
  copyRange(from: SampleBlock, start: number, end: number): void {
    if (from.strings.length > 0) {
      for (let index = start; index < end; index++) this.copy(from, index);
      return;
    }
    const at = this.count;
    this.count = at + end - start;
    while (this.count > this.tags.length) this.#grow();
    this.tags.set(from.tags.subarray(start, end), at);
    this.times.set(from.times.subarray(start, end), at);
    this.values.set(from.values.subarray(start, end), at);
    this.kinds.set(from.kinds.subarray(start, end), at);
    this.statuses.set(from.statuses.subarray(start, end), at);
  }

  pushNumber(tag: number, time: number, value: number, status: number): void {
    this.#append(tag, time, value, ValueKind.number, status);
  }

  /** A number for each tag, all of one time and status. The caller asks `hasRoomFor` before. */
  pushNumbers(tags: Uint32Array, time: number, values: ArrayLike<number>, status: number): void {
    const at = this.count;
    const end = at + tags.length;
    while (end > this.tags.length) this.#grow();
    this.tags.set(tags, at);
    this.times.fill(time, at, end);
    this.values.set(values, at);
    this.kinds.fill(ValueKind.number, at, end);
    this.statuses.fill(status, at, end);
    this.count = end;
  }

  pushString(tag: number, time: number, text: string, status: number): void {
    this.#append(tag, time, this.#indexOf(text), ValueKind.string, status);
  }

  /** A sample that has a status and no value. */
  pushStatus(tag: number, time: number, status: number): void {
    this.#append(tag, time, 0, ValueKind.none, status);
  }

  push(tag: number, time: number, value: SampleValue, status: number): void {
    if (value === null) this.pushStatus(tag, time, status);
    else if (typeof value === 'string') this.pushString(tag, time, value, status);
    else this.pushNumber(tag, time, value, status);
  }

  clear(): void {
    this.count = 0;
    if (this.strings.length > 0) {
      this.strings = [];
      this.#stringIndex.clear();
    }
  }

  #append(tag: number, time: number, value: number, kind: number, status: number): void {
    if (this.count === this.tags.length) this.#grow();
    const at = this.count++;
    this.tags[at] = tag;
    this.times[at] = time;
    this.values[at] = value;
    this.kinds[at] = kind;
    this.statuses[at] = status;
  }

  /** UTF-8 has no code for half a surrogate pair: such halves become U+FFFD here, not silently later. */
  #indexOf(ill: string): number {
    const text = ill.toWellFormed();
    let index = this.#stringIndex.get(text);
    if (index === undefined) {
      index = this.strings.push(text) - 1;
      this.#stringIndex.set(text, index);
    }
    return index;
  }

  #grow(): void {
    const capacity = this.tags.length * 2;
    this.tags = grown(this.tags, new Uint32Array(capacity));
    this.times = grown(this.times, new Float64Array(capacity));
    this.values = grown(this.values, new Float64Array(capacity));
    this.kinds = grown(this.kinds, new Uint8Array(capacity));
    this.statuses = grown(this.statuses, new Uint32Array(capacity));
  }
}

function grown<Column extends Uint8Array | Uint32Array | Float64Array>(from: Column, to: Column): Column {
  to.set(from);
  return to;
}
