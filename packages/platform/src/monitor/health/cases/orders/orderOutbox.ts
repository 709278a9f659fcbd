/** Orders that wait until a system of orders has taken them: they outlast a crash, and a site that is offline for days. */

import { US_PER_S } from '@tidegate/core/clock/timestamp.ts';
import type { Result } from '@tidegate/core/fault/fault.ts';
import type { DurableDatabase } from '../../../../historian/ingest/durableDatabase.ts';
import { readCaseText, writeCaseText } from '../caseText.ts';
import type { WorkOrder } from '../workOrderPort.ts';

export interface WaitingOrder {
  readonly order: WorkOrder;
  readonly port: string;
  /** So many were begun; the last may have arrived though no answer came. */
  readonly attempts: number;
  /** When it is due again (µs since 1970 UTC). */
  readonly nextAt: number;
}

/** Whoever has ordered by mistake has so long to say so. */
export const TAKE_BACK_US = 10 * US_PER_S;

interface Row {
  readonly port: string;
  readonly body: string;
  readonly attempts: number;
  readonly next_at: number;
}

export class OrderOutbox {
  readonly #database: DurableDatabase;

  constructor(database: DurableDatabase) {
    this.#database = database;
  }

  /** In order of when they are due. Fault: `archive.unwritable`. */
  waiting(): Result<readonly WaitingOrder[]> {
    return this.#database.read(() =>
      (this.#database.prepare('SELECT * FROM outbox ORDER BY next_at, key').all() as unknown as Row[]).map(
        ({ port, body, attempts, next_at }) => ({
          ...{ order: readCaseText<WorkOrder>(body), port, attempts, nextAt: next_at },
        }),
      ),
    );
  }

  /** Counts an attempt before it is made, due again at `nextAt` should nothing come of it. Faults: `archive.full`, `archive.unwritable`. */
  attempt(key: string, nextAt: number): Result<void> {
    return this.#database.transact(() => {
      const sql = 'UPDATE outbox SET attempts = attempts + 1, next_at = ? WHERE key = ?';
      this.#database.prepare(sql).run(Math.floor(nextAt), key);
    });
  }

  /** Due when it can no longer be taken back. Within a transaction of the caller. */
  put(order: WorkOrder, port: string): void {
    const insert = this.#database.prepare('INSERT INTO outbox VALUES (?, ?, ?, 0, ?)');
    insert.run(order.key, port, writeCaseText(order), Math.floor(order.at + TAKE_BACK_US));
  }

  /** Within a transaction of the caller. */
  remove(key: string): void {
    this.#database.prepare('DELETE FROM outbox WHERE key = ?').run(key);
  }
}
