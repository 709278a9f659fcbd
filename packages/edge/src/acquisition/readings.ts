/** What a driver has read, on its way to the sink: one set of columns, used again for every answer. */

import { SampleBlockBuilder } from '@tidegate/core/block/sampleBlockBuilder.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { SampleSink } from '@tidegate/core/port/sampleSink.ts';
import type { StatusCode } from '@tidegate/core/sample/statusCode.ts';

export class Readings {
  readonly #sink: SampleSink;
  readonly #block = new SampleBlockBuilder();

  constructor(sink: SampleSink) {
    this.#sink = sink;
  }

  number(tag: number, time: Timestamp, value: number, status: StatusCode): void {
    this.#block.pushNumber(tag, time, value, status);
    if (this.#block.full) this.flush();
  }

  /** One reading of each tag, with a number of `values` each; at most as many as a block holds. */
  numbers(tags: Uint32Array, time: Timestamp, values: ArrayLike<number>, status: StatusCode): void {
    if (!this.#block.hasRoomFor(tags.length)) this.flush();
    this.#block.pushNumbers(tags, time, values, status);
    if (this.#block.full) this.flush();
  }

  text(tag: number, time: Timestamp, text: string, status: StatusCode): void {
    this.#block.pushString(tag, time, text, status);
    if (this.#block.full) this.flush();
  }

  /** A reading that has a status and no value. */
  none(tag: number, time: Timestamp, status: StatusCode): void {
    this.#block.pushStatus(tag, time, status);
    if (this.#block.full) this.flush();
  }

  /** Hands over what has been collected; called at the end of each answer, so that it travels as one block. */
  flush(): void {
    if (this.#block.count === 0) return;
    this.#sink.write(this.#block);
    this.#block.clear();
  }
}
