/** Keeps the lake up with the archive: publishes days that are over, and again when something of them has changed. */

import type { CancelTimer, Clock } from '@tidegate/core/clock/clock.ts';
import { US_PER_DAY } from '@tidegate/core/clock/timestamp.ts';
import { type Result, success } from '@tidegate/core/fault/fault.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import type { ShelfLease } from '../archive/keep/segmentShelf.ts';
import type { DayCounts } from '../archive/segment/dayCounts.ts';
import type { EditLog } from '../archive/versions/editLog.ts';
import type { TagEdits } from '../archive/versions/tagEdits.ts';
import type { StoredTag, TagIndex } from '../ingest/storedTag.ts';
import { archivePlace } from './archiveSource.ts';
import { dayStart, type UtcDay } from './lakeFiles.ts';
import { readManifest } from './lakeManifest.ts';
import { LakeMarks, markedSamples } from './lakeMarks.ts';
import { dueDays } from './lakeSchedule.ts';
import type { LakePublisher } from './publish/lakePublisher.ts';
import type { DayOrder, PublishedDay } from './publish/publicationOrder.ts';

/** What the lake is made from. */
export interface PublishedHistory {
  tags(): readonly StoredTag[];
  sealedDays(): DayCounts;
  keepFrom(): Float64Array;
  leaseSegments(): ShelfLease;
  readonly edits: Pick<EditLog, 'since' | 'editedTags' | 'touches' | 'read'>;
}

export interface LakeUpkeepOptions {
  readonly directory: string;
  readonly history: PublishedHistory;
  readonly publisher: Pick<LakePublisher, 'publish' | 'close'>;
  readonly clock: Clock;
  readonly events: EventSink;
  /** A day is published so long after its end: what comes late in the ordinary way has come by then. */
  readonly delayMs: number;
}

const ROUND_MS = 15 * 60_000;
const US_PER_MS = 1_000;
/** Years that were imported are published in orders of a month: merged segments stay on disk while an order is carried out. */
const ORDER_DAYS = 31;

export class LakeUpkeep {
  readonly #options: LakeUpkeepOptions;
  readonly #marks: LakeMarks;
  #round: Promise<Result<number>> | undefined;
  #cancelTimer: CancelTimer = () => {};
  #closed = false;

  constructor(options: LakeUpkeepOptions) {
    this.#options = options;
    this.#marks = new LakeMarks(options.history.edits);
  }

  /** From now on looks four times an hour whether there is something to publish. */
  start(): void {
    void this.publish();
  }

  /** Publishes what is due, and resolves with the number of days. Faults: `lake.*`, `archive.unwritable`. */
  publish(): Promise<Result<number>> {
    this.#round ??= this.#publishDue().finally(() => {
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

  async #publishDue(): Promise<Result<number>> {
    const due = await this.#dueDays();
    if (!due.ok) return this.#told(due);
    for (let from = 0; from < due.value.length && !this.#closed; from += ORDER_DAYS) {
      const published = await this.#publish(due.value.slice(from, from + ORDER_DAYS));
      if (!published.ok) return this.#told(published);
    }
    return success(due.value.length);
  }

  async #dueDays(): Promise<Result<readonly UtcDay[]>> {
    const { directory, clock, delayMs } = this.#options;
    const manifest = await readManifest(directory);
    if (!manifest.ok) return manifest;
    const marks = this.#marksOfNow();
    if (!marks.ok) return marks;
    // Samples only become fewer by damage to a segment; then what the lake has may be the last of them.
    for (const { day, mark } of manifest.value.days) {
      if (markedSamples(marks.value.get(day) ?? '0') < markedSamples(mark)) marks.value.delete(day);
    }
    return success(dueDays(manifest.value, marks.value, clock.now(), delayMs * US_PER_MS).map(({ day }) => day));
  }

  /** In one turn, so that the marks tell of the segments and edits that are read, and of no later ones. */
  async #publish(days: readonly UtcDay[]): Promise<Result<unknown>> {
    const { history, publisher } = this.#options;
    const lease = history.leaseSegments();
    try {
      const marks = this.#marksOfNow();
      if (!marks.ok) return marks;
      const orders = days.map((day): DayOrder => ({ day, mark: marks.value.get(day) ?? '' }));
      const edits = editsOf(history, days);
      if (!edits.ok) return edits;
      const segments = lease.segments.map(({ path }) => path);
      const spec = { segments, tags: history.tags(), edits: edits.value, keepFrom: history.keepFrom() };
      return await publisher.publish(orders, archivePlace(spec), (day) => this.#tell(day));
    } finally {
      lease.release();
    }
  }

  #marksOfNow(): Result<Map<UtcDay, string>> {
    const { history } = this.#options;
    return this.#marks.of(history.sealedDays(), history.keepFrom());
  }

  #tell({ day, rows, bytes, files, elapsedMs }: PublishedDay): void {
    const detail = `${rows} samples, ${bytes} bytes (files: ${files}), in ${Math.round(elapsedMs)} ms`;
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

function editsOf({ edits }: PublishedHistory, days: readonly UtcDay[]): Result<Map<TagIndex, TagEdits>> {
  const start = dayStart(days[0]) ?? 0;
  const end = (dayStart(days[days.length - 1]) ?? 0) + US_PER_DAY;
  const found = new Map<TagIndex, TagEdits>();
  for (const tag of edits.editedTags()) {
    if (!edits.touches(tag, start, end)) continue;
    const read = edits.read(tag, start, end);
    if (!read.ok) return read;
    found.set(tag, read.value);
  }
  return success(found);
}
