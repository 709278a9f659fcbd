/** Keeps the lake up with the archive: publishes days that are over, and again when something of them has changed. */

import type { CancelTimer, Clock } from '@tidegate/core/clock/clock.ts';
import { type Result, success } from '@tidegate/core/fault/fault.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import type { ShelfLease } from '../archive/keep/segmentShelf.ts';
import type { DayCounts } from '../archive/segment/dayCounts.ts';
import type { EditLog } from '../archive/versions/editLog.ts';
import type { TagEdits } from '../archive/versions/tagEdits.ts';
import type { StoredTag, TagIndex } from '../ingest/storedTag.ts';
import { archivePlace } from './archiveSource.ts';
import { dayOf, dayStart, US_PER_DAY, type UtcDay } from './lakeFiles.ts';
import { readManifest } from './lakeManifest.ts';
import { dueDays } from './lakeSchedule.ts';
import type { LakePublisher } from './publish/lakePublisher.ts';
import type { DayOrder, PublishedDay } from './publish/publicationOrder.ts';

/** What the lake is made from. */
export interface PublishedHistory {
  tags(): readonly StoredTag[];
  sealedDays(): DayCounts;
  leaseSegments(): ShelfLease;
  readonly edits: Pick<EditLog, 'since' | 'editedTags' | 'touches' | 'read'>;
}

export interface LakeUpkeepOptions {
  readonly directory: string;
  readonly history: PublishedHistory;
  readonly publisher: LakePublisher;
  readonly clock: Clock;
  readonly events: EventSink;
  /** A day is published so long after its end: what comes late in the ordinary way has come by then. */
  readonly delayMs: number;
}

const ROUND_MS = 15 * 60_000;
const US_PER_MS = 1_000;

export class LakeUpkeep {
  readonly #options: LakeUpkeepOptions;
  #round: Promise<Result<number>> | undefined;
  #cancelTimer: CancelTimer = () => {};
  #closed = false;

  constructor(options: LakeUpkeepOptions) {
    this.#options = options;
  }

  /** From now on looks four times an hour whether there is something to publish. */
  start(): void {
    void this.publish();
  }

  /** Publishes what is due, and resolves with the number of days. Faults: `lake.*`, `archive.unwritable`. */
  publish(): Promise<Result<number>> {
    this.#round ??= this.#publish().finally(() => {
      this.#round = undefined;
      this.#cancelTimer();
      if (!this.#closed) this.#cancelTimer = this.#options.clock.after(ROUND_MS, () => void this.publish());
    });
    return this.#round;
  }

  /** Ends a publication that is running; what it has published stays. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelTimer();
    await this.#options.publisher.close();
    await this.#round;
  }

  async #publish(): Promise<Result<number>> {
    const { directory, history, clock, delayMs } = this.#options;
    const lease = history.leaseSegments();
    try {
      const manifest = await readManifest(directory);
      if (!manifest.ok) return this.#told(manifest);
      const marks = marksOf(history);
      if (!marks.ok) return this.#told(marks);
      const due = dueDays(manifest.value, marks.value, clock.now(), delayMs * US_PER_MS);
      if (due.length === 0 || this.#closed) return success(0);
      const edits = editsOf(history, due);
      if (!edits.ok) return this.#told(edits);
      const segments = lease.segments.map(({ path }) => path);
      const place = archivePlace({ segments, tags: history.tags(), edits: edits.value });
      const published = await this.#options.publisher.publish(due, place, (day) => this.#tell(day));
      return published.ok ? success(due.length) : this.#told(published);
    } finally {
      lease.release();
    }
  }

  #tell({ day, rows, bytes, files, elapsedMs }: PublishedDay): void {
    const detail = `${rows} samples in ${files} files of ${bytes} bytes, in ${Math.round(elapsedMs)} ms`;
    this.#event('lake.published', day, detail);
  }

  #told<T extends Extract<Result<unknown>, { ok: false }>>(failed: T): T {
    if (!this.#closed) this.#event('lake.failed', this.#options.directory, failed.fault.detail);
    return failed;
  }

  #event(kind: 'lake.published' | 'lake.failed', source: string, detail: string): void {
    const { events, clock } = this.#options;
    events({ at: clock.now(), kind, source, detail });
  }
}

/** By day a text that changes whenever samples of the day are added, or edited. */
function marksOf(history: PublishedHistory): Result<Map<UtcDay, string>> {
  const recorded = history.edits.since(Number.NEGATIVE_INFINITY);
  if (!recorded.ok) return recorded;
  const marks = new Map<UtcDay, string>();
  for (const [number, samples] of Object.entries(history.sealedDays())) {
    const start = Number(number) * US_PER_DAY;
    // A clock that was wrong by more than the calendar holds has made a day that no reader of the lake could name.
    if (Math.abs(start / US_PER_MS) > MAX_DATE_MS) continue;
    const touching = recorded.value.filter(({ first, last }) => first < start + US_PER_DAY && last >= start);
    marks.set(dayOf(start), `${samples} samples, edit ${touching.at(-1)?.edit.id ?? 0}`);
  }
  return success(marks);
}

/** The greatest time that a calendar date has in ECMAScript. */
const MAX_DATE_MS = 8.64e15;

function editsOf({ edits }: PublishedHistory, due: readonly DayOrder[]): Result<Map<TagIndex, TagEdits>> {
  const start = dayStart(due[0].day) ?? 0;
  const end = (dayStart(due[due.length - 1].day) ?? 0) + US_PER_DAY;
  const found = new Map<TagIndex, TagEdits>();
  for (const tag of edits.editedTags()) {
    if (!edits.touches(tag, start, end)) continue;
    const read = edits.read(tag, start, end);
    if (!read.ok) return read;
    found.set(tag, read.value);
  }
  return success(found);
}
