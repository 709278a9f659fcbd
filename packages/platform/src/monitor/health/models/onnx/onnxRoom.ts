/** Where ONNX models judge rows: in one thread with limits of time and memory, one model after the other. */

import { Worker } from 'node:worker_threads';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { OnnxModel } from './onnxModel.ts';
import type { OnnxOrder, OpenEnds, OpenOrder } from './onnxOrder.ts';

export interface RoomLimits {
  /** For loading the runtime and a model, and for one batch of rows. */
  readonly openMs: number;
  readonly batchMs: number;
}

const LIMITS: RoomLimits = { openMs: 60_000, batchMs: 10_000 };
const BATCH_ROWS = 500;
const MOST_HEAP_MB = 256;
/** With more models than this the thread begins afresh, so that those that nobody asks any more are forgotten. */
const MOST_MODELS = 64;

export class OnnxRoom {
  readonly #limits: RoomLimits;
  #thread: Worker | undefined;
  readonly #opened = new Set<string>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(limits: RoomLimits = LIMITS) {
    this.#limits = limits;
  }

  /** Tries a model, and says which of its ends are meant. Faults: `health.onnx-refused`, `-missing`, `-failed`. */
  open(order: OpenOrder): Promise<Result<OpenEnds>> {
    return this.#inTurn(() => this.#open(order));
  }

  /**
   * One score for each row, higher is stranger; NaN where a feature has no value, or the model gives no number. `columns` are the
   * features in the order of `features`. Faults as `open`.
   */
  score(
    model: OnnxModel,
    features: readonly string[],
    columns: readonly Float64Array[],
  ): Promise<Result<Float64Array>> {
    return this.#inTurn(() => this.#score(model, features, columns));
  }

  /** Ends the thread; whoever asks again begins another. */
  async close(): Promise<void> {
    const thread = this.#thread;
    this.#forget();
    await thread?.terminate();
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const asked = this.#turn.then(run);
    this.#turn = asked.catch(() => undefined);
    return asked;
  }

  async #open(order: OpenOrder): Promise<Result<OpenEnds>> {
    if (this.#opened.size >= MOST_MODELS) await this.close();
    const opened = await this.#ask<OpenEnds>(order, this.#limits.openMs);
    if (opened.ok) this.#opened.add(order.key);
    return opened;
  }

  async #score(
    { origin, bytes }: OnnxModel,
    features: readonly string[],
    columns: readonly Float64Array[],
  ): Promise<Result<Float64Array>> {
    const { sha256, input, output, stranger } = origin;
    const key = [sha256, input, output, ...features].join('\n');
    const scores = new Float64Array(columns[0].length).fill(Number.NaN);
    const complete = completeRows(columns);
    const sign = stranger === 'higher' ? 1 : -1;
    for (let from = 0; from < complete.length; from += BATCH_ROWS) {
      if (!this.#opened.has(key)) {
        const opened = await this.#open({ kind: 'open', key, bytes, ends: { input, output }, features });
        if (!opened.ok) return opened;
      }
      const places = complete.slice(from, from + BATCH_ROWS);
      const rows = lined(columns, places);
      const given = await this.#ask<Float64Array>({ kind: 'score', key, rows }, this.#limits.batchMs);
      if (!given.ok) return given;
      for (const [at, row] of places.entries()) {
        scores[row] = Number.isFinite(given.value[at]) ? sign * given.value[at] : Number.NaN;
      }
    }
    return success(scores);
  }

  async #ask<Answer>(order: OnnxOrder, limitMs: number): Promise<Result<Answer>> {
    const thread = this.#begin();
    const { promise, resolve } = Promise.withResolvers<Result<Answer>>();
    const broken = (detail: string) => {
      this.#forget();
      void thread.terminate();
      resolve(failure('health.onnx-failed', detail));
    };
    const limit = setTimeout(() => broken(`It took more than ${limitMs / 1_000} s.`), limitMs);
    const onError = ({ message }: Error) => broken(`It broke down: ${message}`);
    const onExit = () => broken('The thread that it ran in was ended.');
    thread.once('message', resolve).once('error', onError).once('exit', onExit);
    thread.postMessage(order);
    try {
      return await promise;
    } finally {
      clearTimeout(limit);
      thread.off('message', resolve).off('error', onError).off('exit', onExit);
      // What a thread does that was given up is nobody's concern.
      if (this.#thread !== thread) thread.on('error', () => undefined);
    }
  }

  #begin(): Worker {
    this.#thread ??= new Worker(new URL('./onnxThread.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP_MB },
    });
    this.#thread.unref();
    return this.#thread;
  }

  #forget(): void {
    this.#thread = undefined;
    this.#opened.clear();
  }
}

function completeRows(columns: readonly Float64Array[]): number[] {
  const rows: number[] = [];
  for (let row = 0; row < columns[0].length; row++) {
    if (columns.every((column) => Number.isFinite(column[row]))) rows.push(row);
  }
  return rows;
}

/** Row after row, as the model takes them. */
function lined(columns: readonly Float64Array[], places: readonly number[]): Float64Array {
  const rows = new Float64Array(places.length * columns.length);
  let at = 0;
  for (const row of places) {
    for (const column of columns) rows[at++] = column[row];
  }
  return rows;
}
