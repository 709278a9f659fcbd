/** When the blocks of the log were sealed and received: what is noted of a file of the log that is kept. */

import { AT } from '@tidegate/core/block/blockLayout.ts';

/** Of the blocks in a file of the log: times in µs, 0 where there are no blocks. */
export interface LogSpan {
  readonly blocks: number;
  readonly sealedFrom: number;
  readonly sealedTo: number;
  readonly receivedFrom: number;
  readonly receivedTo: number;
}

interface Place {
  readonly record: number;
  readonly sealedAt: number;
  readonly receivedAt: number;
}

export class LogPlaces {
  #places: Place[] = [];

  add(record: number, payload: Uint8Array, receivedAt: number): void {
    const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
    this.#places.push({ record, sealedAt: Number(view.getBigInt64(AT.sealedAt, true)), receivedAt });
  }

  /** What is known of the records before `end`. */
  spanBefore(end: number): LogSpan {
    const before = this.#places.slice(0, this.#countBefore(end));
    const sealed = before.map(({ sealedAt }) => sealedAt);
    const received = before.map(({ receivedAt }) => receivedAt);
    return {
      blocks: before.length,
      ...{ sealedFrom: least(sealed), sealedTo: greatest(sealed) },
      ...{ receivedFrom: least(received), receivedTo: greatest(received) },
    };
  }

  forgetBefore(end: number): void {
    this.#places = this.#places.slice(this.#countBefore(end));
  }

  #countBefore(end: number): number {
    const behind = this.#places.findIndex(({ record }) => record >= end);
    return behind < 0 ? this.#places.length : behind;
  }
}

function least(times: readonly number[]): number {
  return times.reduce((a, b) => Math.min(a, b), times[0] ?? 0);
}

function greatest(times: readonly number[]): number {
  return times.reduce((a, b) => Math.max(a, b), times[0] ?? 0);
}
