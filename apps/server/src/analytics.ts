/** What analysts ask for: the lake and SQL over it. Their work is done in processes of their own, none of which runs unasked. */

import { join } from 'node:path';
import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import type { SqlEngine } from '@tidegate/platform/historian/lake/engine/sqlEngine.ts';
import { LakeUpkeep } from '@tidegate/platform/historian/lake/lakeUpkeep.ts';
import { LakePublisher } from '@tidegate/platform/historian/lake/publish/lakePublisher.ts';
import type { Historian } from '@tidegate/platform/historian/query/historian.ts';
import type { SqlDoor } from '@tidegate/platform/northbound/rest/sql/sqlRead.ts';
import { HistoryDoor } from '@tidegate/platform/northbound/sql/historyDoor.ts';
import { alarmRows, frameRows } from '@tidegate/platform/northbound/sql/meaningTables.ts';
import { plantSql } from '@tidegate/platform/northbound/sql/plantSql.ts';
import type { RecentEvents } from '@tidegate/platform/northbound/sql/recentEvents.ts';
import type { Meaning } from './meaning.ts';
import type { ServerConfig } from './serverConfig.ts';

export interface AnalyticsParts {
  readonly historian: Historian;
  readonly clock: Clock;
  readonly events: EventSink;
  readonly recentEvents: RecentEvents;
  readonly meaning: Pick<Meaning, 'model' | 'alarming' | 'frames'>;
}

/** Below the data directory; emptied whenever the engine starts. */
const SPILL_DIRECTORY = 'sql-spill';
/** DuckDB does not count all that it takes: beyond this many times its limit the engine is ended. */
const RESIDENT_FACTOR = 2;

export class Analytics {
  readonly #upkeep: LakeUpkeep | undefined;
  readonly #engine: SqlEngine | undefined;
  readonly #config: ServerConfig;

  constructor(config: ServerConfig, { historian, clock, events, recentEvents, meaning }: AnalyticsParts) {
    this.#config = config;
    const { lake, sql, dataDirectory } = config;
    const { directory, delayMs } = lake;
    const publisher = new LakePublisher({ directory });
    if (lake.enabled) {
      this.#upkeep = new LakeUpkeep({ directory, delayMs, history: historian, publisher, clock, events });
    }
    if (!sql.enabled) return;
    this.#engine = plantSql({
      ...{ lake: directory, spill: join(dataDirectory, SPILL_DIRECTORY), threads: sql.threads },
      ...{ memoryBytes: sql.memoryBytes, residentBytes: RESIDENT_FACTOR * sql.memoryBytes },
      tags: { revision: () => historian.tagRevision, rows: () => historian.tags() },
      events: recentEvents,
      alarms: alarmRows(meaning.alarming.journal),
      frames: frameRows(meaning.frames, meaning.model.store),
      history: new HistoryDoor(historian, clock),
    });
  }

  /** `undefined` where SQL is not enabled. */
  get sql(): SqlDoor | undefined {
    const { timeMs, rows } = this.#config.sql;
    return this.#engine && { engine: this.#engine, limits: { timeMs, rows } };
  }

  /** Begins to publish what is due. */
  start(): void {
    this.#upkeep?.start();
  }

  /** Ends what is under way; the historian is closed after. */
  async close(): Promise<void> {
    await Promise.all([this.#engine?.close(), this.#upkeep?.close()]);
  }
}
