/** Where what takes long is computed: each task in a thread of its own, a few at a time, and none for ever. */

import { type Transferable, Worker } from 'node:worker_threads';
import { failure, type Result } from '@tidegate/core/fault/fault.ts';
import type { FaultCode } from '@tidegate/core/fault/faultTable.ts';

export interface RoomRules {
  /** A module that posts the `Result` of its `workerData`. */
  readonly script: URL;
  readonly mostAtOnce: number;
  readonly timeLimitMs: number;
  readonly mostMemoryMb: number;
  /** What is said where as many as there may be are under way, and where a task is ended at its limit of time or memory. */
  readonly busy: FaultCode;
  readonly long: FaultCode;
}

export class ThreadRoom<Task, Answer> {
  readonly #rules: RoomRules;
  /** Ends each that is under way. */
  readonly #ends = new Set<() => void>();
  #running = 0;

  constructor(rules: RoomRules) {
    this.#rules = rules;
  }

  /** Plain data both; what is in `transfer` is the thread's from now on. Faults: that of the task, `busy` and `long` of the rules. */
  async answer(task: Task, transfer: readonly Transferable[] = []): Promise<Result<Answer>> {
    const { busy, mostAtOnce } = this.#rules;
    if (this.#running >= mostAtOnce) return failure(busy, `${mostAtOnce} are under way already.`);
    this.#running++;
    try {
      return await this.#answerInThread(task, transfer);
    } finally {
      this.#running--;
    }
  }

  /** Ends what is under way, with the fault `busy`. */
  close(): void {
    for (const end of this.#ends) end();
  }

  async #answerInThread(task: Task, transfer: readonly Transferable[]): Promise<Result<Answer>> {
    const { script, timeLimitMs, mostMemoryMb, busy, long } = this.#rules;
    const thread = new Worker(script, {
      ...{ workerData: task, transferList: [...transfer] },
      resourceLimits: { maxOldGenerationSizeMb: mostMemoryMb },
    });
    const { promise, resolve, reject } = Promise.withResolvers<Result<Answer>>();
    const tooLong = (detail: string) => resolve(failure(long, detail));
    const end = () => resolve(failure(busy, 'It was ended: the server is being stopped.'));
    this.#ends.add(end);
    const limit = setTimeout(() => tooLong(`It took more than ${timeLimitMs / 1_000} s.`), timeLimitMs);
    thread.once('message', resolve);
    thread.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? tooLong('It took too much memory.') : reject(error),
    );
    try {
      return await promise;
    } finally {
      clearTimeout(limit);
      this.#ends.delete(end);
      await thread.terminate();
    }
  }
}
