/** Publishes the lake from a process of its own, one publication at a time; the server only gives orders and waits. */

import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { failure, type Result } from '@tidegate/core/fault/fault.ts';
import type { LakeManifest } from '../lakeManifest.ts';
import type { LakeSourcePlace } from '../lakeSource.ts';
import { yieldToOthers } from '../yieldToOthers.ts';
import type { DayOrder, PublicationNews, PublicationOrder, PublishedDay } from './publicationOrder.ts';

export interface LakePublisherOptions {
  readonly directory: string;
  /** Of DuckDB; the rows of a part (see `maxPartRows`) and the source come on top. */
  readonly memoryBytes?: number;
  readonly threads?: number;
  readonly maxPartRows?: number;
  readonly graceMs?: number;
}

const PROCESS = fileURLToPath(new URL('./publisherProcess.ts', import.meta.url));
/** 260 row groups, 232 MB while they are gathered, about 47 MB on disk: readers slow down with more in one file. */
const MAX_PART_ROWS = 8_000_000;
const GRACE_MS = 6 * 3600_000;
const MEMORY_BYTES = 512 * 2 ** 20;

export class LakePublisher {
  readonly #options: LakePublisherOptions;
  #running: Promise<unknown> = Promise.resolve();
  #child: ChildProcess | undefined;
  #closed = false;

  constructor(options: LakePublisherOptions) {
    this.#options = options;
  }

  /**
   * Publishes the days and gives the manifest that names them; days before one that fails stay published. Faults:
   * `lake.*`, and those of the source.
   */
  publish(
    days: readonly DayOrder[],
    source: LakeSourcePlace,
    published: (day: PublishedDay) => void = () => {},
  ): Promise<Result<LakeManifest>> {
    const { directory, memoryBytes = MEMORY_BYTES, threads = 1 } = this.#options;
    const { maxPartRows = MAX_PART_ROWS, graceMs = GRACE_MS } = this.#options;
    const order = { directory, days, source, maxPartRows, graceMs, limits: { memoryBytes, threads } };
    const publication = this.#running.then(() => this.#carryOut(order, published));
    this.#running = publication;
    return publication;
  }

  /** Ends a publication that is running: what it has published stays, the rest is an orphan. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#child?.kill('SIGKILL');
    await this.#running;
  }

  #carryOut(order: PublicationOrder, published: (day: PublishedDay) => void): Promise<Result<LakeManifest>> {
    if (this.#closed) return Promise.resolve(failure('lake.publisher', 'The server is stopping.'));
    const child = fork(PROCESS, [], {
      serialization: 'advanced',
      env: { TZ: 'UTC' },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#child = child;
    yieldToOthers(child.pid);
    return new Promise((resolve) => {
      child.on('message', (news: PublicationNews) => {
        if ('published' in news) return published(news.published);
        child.disconnect();
        resolve(news.end);
      });
      child.on('error', (error) => resolve(failure('lake.publisher', `It cannot be started: ${error.message}.`)));
      child.once('exit', (code, signal) =>
        resolve(failure('lake.publisher', `It ended with ${signal ?? `exit code ${code}`}.`)),
      );
      child.send(order);
    });
  }
}
