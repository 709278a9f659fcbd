/** The keeper's thread as the archive sees it: begun with the first job, and begun anew where it ended by a bug of ours. */

import { Worker } from 'node:worker_threads';
import type { SegmentDamage } from '../segment/segment.ts';
import type { KeeperJob, KeeperReply, KeeperRequest, KeeperResults } from './keeperJob.ts';

/** A job that was not done: `code` is that of the file system, `THREAD_ENDED` or `KEEPER_CLOSED`. */
export class KeeperError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** The thread ended by a bug of ours, and every job that it had with it. */
export const THREAD_ENDED = 'THREAD_ENDED';
/** Nothing is done any more. */
export const KEEPER_CLOSED = 'KEEPER_CLOSED';

interface Waiting {
  resolve(result: never): void;
  reject(error: KeeperError): void;
}

export class Keeper {
  readonly #onDamage: (damage: SegmentDamage) => void;
  readonly #waiting = new Map<number, Waiting>();
  #thread: Worker | undefined;
  #nextId = 0;
  #closed = false;

  constructor(onDamage: (damage: SegmentDamage) => void) {
    this.#onDamage = onDamage;
  }

  /** Rejects with a `KeeperError`. */
  async run<Kind extends KeeperJob['kind']>(job: Extract<KeeperJob, { kind: Kind }>): Promise<KeeperResults[Kind]> {
    if (this.#closed) throw new KeeperError(KEEPER_CLOSED, 'the archive was closed');
    const id = this.#nextId++;
    const thread = this.#thread ?? this.#begin();
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      const request: KeeperRequest = { id, job };
      thread.postMessage(request);
    });
  }

  /** Ends the thread, whatever it is doing: a segment that it has not committed leaves nothing that a start would use. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#thread?.terminate();
    this.#fail(KEEPER_CLOSED, 'the archive was closed');
  }

  #begin(): Worker {
    const thread = new Worker(new URL('./keeperThread.ts', import.meta.url));
    this.#thread = thread;
    thread.unref();
    thread.on('message', (reply: KeeperReply) => this.#take(reply));
    thread.on('error', (error) => {
      this.#lose(thread, error instanceof Error ? (error.stack ?? error.message) : String(error));
    });
    thread.on('exit', (code) => this.#lose(thread, `it ended by itself with ${code}`));
    return thread;
  }

  /** The next job begins a thread anew. */
  #lose(thread: Worker, message: string): void {
    if (this.#thread !== thread || this.#closed) return;
    this.#thread = undefined;
    this.#fail(THREAD_ENDED, message);
  }

  #take(reply: KeeperReply): void {
    if ('damage' in reply) {
      this.#onDamage(reply.damage);
      return;
    }
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ('error' in reply) waiting?.reject(new KeeperError(reply.error.code, reply.error.message));
    else waiting?.resolve(reply.result as never);
  }

  #fail(code: string, message: string): void {
    for (const { reject } of this.#waiting.values()) reject(new KeeperError(code, message));
    this.#waiting.clear();
  }
}
