/**
 * The time by which samples expire. It never jumps: it follows the wall clock at most twice as fast as time passes, so that
 * a clock that is set ten years ahead costs no history before somebody has had ten years to notice. What a machine slept or
 * was switched off is caught up with in as long again. A clock that is set back is followed at once, and as soon as it is
 * right again: a machine that wakes up in 1970 and then asks for the time has lost nothing.
 */

import type { StatementSync } from 'node:sqlite';
import type { Clock } from '@tidegate/core/clock/clock.ts';
import { US_PER_MS } from '@tidegate/core/clock/timestamp.ts';
import type { MetadataDatabase } from '../../ingest/metadataDatabase.ts';

const CATCH_UP = 2;

export class RetentionClock {
  readonly #clock: Clock;
  readonly #database: MetadataDatabase;
  readonly #write: StatementSync;
  #observed: number;
  #atMs: number;

  /** A database that has not seen the clock begins with the wall clock: there is nothing yet that could expire. */
  constructor(database: MetadataDatabase, clock: Clock) {
    this.#clock = clock;
    this.#database = database;
    this.#write = database.prepare('INSERT OR REPLACE INTO retention_clock VALUES (1, ?)');
    const row = database.prepare('SELECT observed FROM retention_clock').get() as { observed: number } | undefined;
    this.#observed = row?.observed ?? clock.now();
    this.#atMs = clock.elapsedMs();
  }

  /** In microseconds. How far the clock has been followed is durable, as far as the disk lets it be: what cannot be written is only caught up with later. */
  now(): number {
    const elapsedMs = this.#clock.elapsedMs();
    const reached = this.#observed + (elapsedMs - this.#atMs) * US_PER_MS * CATCH_UP;
    const now = this.#clock.now();
    this.#observed = Math.max(this.#observed, Math.min(Math.floor(reached), now));
    this.#atMs = elapsedMs;
    this.#database.transact(() => this.#write.run(this.#observed));
    return Math.min(this.#observed, now);
  }
}
