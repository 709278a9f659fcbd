/** From which spool each stream comes, durably: a server that forgot it would take a twin of the gateway for the gateway. */

import type { StatementSync } from 'node:sqlite';
import type { Result } from '@tidegate/core/fault/fault.ts';
import type { StreamName } from '@tidegate/core/port/blockSink.ts';
import type { MetadataDatabase } from './metadataDatabase.ts';

export class StreamSpools {
  readonly #database: MetadataDatabase;
  readonly #select: StatementSync;
  readonly #upsert: StatementSync;

  constructor(database: MetadataDatabase) {
    this.#database = database;
    this.#select = database.prepare('SELECT instance FROM stream_spool WHERE gateway = ? AND lane = ?');
    this.#upsert = database.prepare('INSERT OR REPLACE INTO stream_spool (gateway, lane, instance) VALUES (?, ?, ?)');
  }

  /** The instance of the spool, see `BlockSource.instance`; `undefined` of a stream of none. Fault: `archive.unwritable`. */
  get({ gateway, lane }: StreamName): Result<string | undefined> {
    return this.#database.read(() => {
      const row = this.#select.get(gateway, lane) as { readonly instance: string } | undefined;
      return row?.instance;
    });
  }

  /** Durable when it returns success. Faults: `archive.full`, `archive.unwritable`. */
  put({ gateway, lane }: StreamName, instance: string): Result<void> {
    return this.#database.transact(() => this.#upsert.run(gateway, lane, instance));
  }
}
