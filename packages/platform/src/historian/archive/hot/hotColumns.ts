/** The samples of one tag of a hot store, brought together from their blocks and into order of time; used again for every tag. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import type { Receipts } from '../receipts.ts';
import type { SampleRun } from '../sampleRun.ts';
import { KIND_MASK, RECEIPT_SHIFT, RECEIPT_WORD, ROW_NUMBERS, ROW_WORDS, type Slab, STATUS_WORD } from './slabPool.ts';
import { timeOrder } from './timeOrder.ts';

const INITIAL_ROWS = 256;

export class HotColumns {
  count = 0;
  /** The receipt of each sample. */
  receipts = new Uint32Array(0);
  #times = new Float64Array(0);
  #values = new Float64Array(0);
  #kinds = new Uint8Array(0);
  #statuses = new Uint32Array(0);
  #strings: readonly string[] = [];

  /** Makes room for `count` samples. */
  clear(count: number, strings: readonly string[]): void {
    this.count = 0;
    this.#strings = strings;
    if (count > this.#times.length) this.#allocate(Math.max(INITIAL_ROWS, count + (count >>> 1)));
  }

  /** Row by row: blocks are so short that a call for each column would cost more. */
  append({ numbers, words }: Slab, from: number, rows: number): void {
    const times = this.#times;
    const values = this.#values;
    const kinds = this.#kinds;
    const statuses = this.#statuses;
    const { receipts } = this;
    let at = this.count;
    for (let row = from; row < from + rows; row++, at++) {
      const last = words[row * ROW_WORDS + RECEIPT_WORD];
      times[at] = numbers[row * ROW_NUMBERS];
      values[at] = numbers[row * ROW_NUMBERS + 1];
      kinds[at] = last & KIND_MASK;
      statuses[at] = words[row * ROW_WORDS + STATUS_WORD];
      receipts[at] = last >>> RECEIPT_SHIFT;
    }
    this.count = at;
  }

  /** Brings the samples into order of time; those of equal time keep their order. */
  sort(): void {
    const times = this.#times;
    const order = timeOrder(times, this.count);
    if (!order) return;
    this.#times = permuted(times, order, new Float64Array(times.length));
    this.#values = permuted(this.#values, order, new Float64Array(times.length));
    this.#kinds = permuted(this.#kinds, order, new Uint8Array(times.length));
    this.#statuses = permuted(this.#statuses, order, new Uint32Array(times.length));
    this.receipts = permuted(this.receipts, order, new Uint32Array(times.length));
  }

  /** Views of all samples, good until the columns are used again. */
  get all(): SampleRun {
    const { count } = this;
    return {
      times: this.#times.subarray(0, count),
      values: this.#values.subarray(0, count),
      kinds: this.#kinds.subarray(0, count),
      statuses: this.#statuses.subarray(0, count),
      strings: this.#strings,
    };
  }

  /** All samples with the texts of theirs only, and, where receipts are given, when each was received. */
  run(receipts: Receipts | undefined): SampleRun {
    const { all } = this;
    const received =
      receipts && Float64Array.from(this.receipts.subarray(0, this.count), (row) => receipts.receivedAt[row]);
    return { ...all, ...ownStrings(all), received };
  }

  #allocate(rows: number): void {
    this.#times = new Float64Array(rows);
    this.#values = new Float64Array(rows);
    this.#kinds = new Uint8Array(rows);
    this.#statuses = new Uint32Array(rows);
    this.receipts = new Uint32Array(rows);
  }
}

/** A store has one table of texts for all tags. */
function ownStrings({ values, kinds, strings }: SampleRun): Pick<SampleRun, 'values' | 'strings'> {
  const [own, places] = [[] as string[], new Map<number, number>()];
  const renumbered = values.slice();
  for (let row = 0; row < kinds.length; row++) {
    if (kinds[row] !== ValueKind.string) continue;
    let place = places.get(values[row]);
    if (place === undefined) {
      place = own.push(strings[values[row]]) - 1;
      places.set(values[row], place);
    }
    renumbered[row] = place;
  }
  return own.length === 0 ? { values, strings: own } : { values: renumbered, strings: own };
}

function permuted<Column extends Uint8Array | Uint32Array | Float64Array>(
  from: Column,
  order: Uint32Array,
  to: Column,
): Column {
  for (let row = 0; row < order.length; row++) to[row] = from[order[row]];
  return to;
}
