/**
 * When the server took what. A sample need not carry the time of its arrival: a gateway sends what it read in the order of
 * time, so that the receipt under which a sample came can be told from its time. It is the first one of its stream that
 * reaches so far. Only how many rows later it came in truth is kept for each sample (its lag), and that is mostly zero.
 *
 * One receipt stands for the records of a stream that came within the same whole second and with no edit between them: what
 * was known at a whole second is told exactly, and so is what an edit found.
 */

import type { Receipt } from '../ingest/sampleStore.ts';

/** The receipts of a range of the log, as columns of equal length, in the order of the log. */
export interface Receipts {
  /** Names of the streams, `lane/gateway`. */
  readonly streams: readonly string[];
  /** When the last record of the receipt was taken, in microseconds; does not descend from one second to the next. */
  readonly receivedAt: Float64Array;
  /** Samples of the stream up to this time had come, but for late ones. */
  readonly horizons: Float64Array;
  /** Index into `streams`. */
  readonly streamOf: Uint16Array;
}

const RECEIPT_US = 1_000_000;
const INITIAL_ROWS = 256;
/** In memory: two float64 and a stream. */
const ROW_BYTES = 18;

/** What is known at `time`, which is taken as the whole second that it lies in, is what was received before this. */
export function knownBefore(time: number): number {
  return Math.floor(time / RECEIPT_US) * RECEIPT_US;
}

/** The latest stamp, of a record or an edit, that is known at `time`: stamps are whole microseconds. */
export function lastKnown(time: number): number {
  return knownBefore(time) - 1;
}

/** Collects receipts as records arrive. */
export class ReceiptBook {
  /** Whether something was edited in `(from, to]`. */
  readonly #editedBetween: (from: number, to: number) => boolean;
  readonly #streams: string[] = [];
  /** By stream: its index, its newest row, and how far it has come. */
  readonly #byStream = new Map<string, { readonly index: number; row: number; horizon: number }>();
  #receivedAt = new Float64Array(INITIAL_ROWS);
  #horizons = new Float64Array(INITIAL_ROWS);
  #streamOf = new Uint16Array(INITIAL_ROWS);
  #count = 0;

  constructor(editedBetween: (from: number, to: number) => boolean) {
    this.#editedBetween = editedBetween;
  }

  /** Returns the row of the receipt. */
  add({ receivedAt, stream, reaches }: Receipt): number {
    let known = this.#byStream.get(stream);
    if (!known) {
      known = { index: this.#streams.push(stream) - 1, row: -1, horizon: Number.NEGATIVE_INFINITY };
      this.#byStream.set(stream, known);
    }
    known.horizon = Math.max(known.horizon, reaches);
    if (!this.#continues(known.row, receivedAt)) {
      known.row = this.#count++;
      if (known.row === this.#receivedAt.length) this.#grow();
      this.#streamOf[known.row] = known.index;
    }
    this.#receivedAt[known.row] = receivedAt;
    this.#horizons[known.row] = known.horizon;
    return known.row;
  }

  /** Memory in use, in bytes. */
  get bytes(): number {
    return this.#count * ROW_BYTES;
  }

  /** Views of what has been added so far. */
  get receipts(): Receipts {
    const count = this.#count;
    return {
      streams: this.#streams,
      receivedAt: this.#receivedAt.subarray(0, count),
      horizons: this.#horizons.subarray(0, count),
      streamOf: this.#streamOf.subarray(0, count),
    };
  }

  #continues(row: number, receivedAt: number): boolean {
    if (row < 0) return false;
    const before = this.#receivedAt[row];
    return knownBefore(before) === knownBefore(receivedAt) && !this.#editedBetween(before, receivedAt);
  }

  #grow(): void {
    const rows = this.#count * 2;
    this.#receivedAt = grown(this.#receivedAt, rows);
    this.#horizons = grown(this.#horizons, rows);
    const streamOf = new Uint16Array(rows);
    streamOf.set(this.#streamOf);
    this.#streamOf = streamOf;
  }
}

/** Which receipts the samples of a chunk came under: rows from `first` to `last`, most of them of `stream`. */
export interface ReceiptSpan {
  readonly stream: number;
  readonly first: number;
  readonly last: number;
}

/**
 * Foretells the row of the receipt of each sample of a chunk, whose times ascend. Whoever writes a chunk and whoever reads
 * it ask the same, so that only the differences need to be kept. They go into `rows` where that is given.
 */
export function foretellRows(
  { horizons, streamOf }: Receipts,
  span: ReceiptSpan,
  times: Float64Array,
  rows = new Uint32Array(times.length),
): Uint32Array {
  const { stream, first, last } = span;
  let row = first;
  for (let at = 0; at < times.length; at++) {
    while (row < last && (streamOf[row] !== stream || horizons[row] < times[at])) row++;
    rows[at] = row;
  }
  return rows;
}

/** Several books as one, and for each of them what its streams are called in the new one. Rows stand one behind the other. */
export function joinReceipts(parts: readonly Receipts[]): { receipts: Receipts; streamsOf: readonly number[][] } {
  const streams: string[] = [];
  const count = parts.reduce((sum, { receivedAt }) => sum + receivedAt.length, 0);
  const receivedAt = new Float64Array(count);
  const horizons = new Float64Array(count);
  const streamOf = new Uint16Array(count);
  let at = 0;
  const streamsOf = parts.map((part) => {
    const indexes = part.streams.map((name) => {
      const known = streams.indexOf(name);
      return known >= 0 ? known : streams.push(name) - 1;
    });
    receivedAt.set(part.receivedAt, at);
    horizons.set(part.horizons, at);
    for (let row = 0; row < part.receivedAt.length; row++) streamOf[at + row] = indexes[part.streamOf[row]];
    at += part.receivedAt.length;
    return indexes;
  });
  return { receipts: { streams, receivedAt, horizons, streamOf }, streamsOf };
}

function grown(from: Float64Array<ArrayBuffer>, rows: number): Float64Array<ArrayBuffer> {
  const to = new Float64Array(rows);
  to.set(from);
  return to;
}
