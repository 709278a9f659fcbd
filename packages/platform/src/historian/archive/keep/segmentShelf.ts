/**
 * The segments of an archive: which there are, and how they become fewer and larger.
 *
 * Invariants: every sample of a committed segment is in exactly one segment of the list; the list changes in one turn; a file
 * is removed only when nobody reads it who may have seen it in the list.
 */

import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { CancelTimer, Clock } from '@tidegate/core/clock/clock.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import type { LatestValues } from '../hot/latestValues.ts';
import { OpenFiles } from '../segment/openFiles.ts';
import { addSegment, openSegments, removeUnfinished } from '../segment/openSegments.ts';
import type { Segment, SegmentDamage } from '../segment/segment.ts';
import { KEEPER_CLOSED, type Keeper, type KeeperError } from './keeper.ts';
import { planMerge } from './mergePlan.ts';

export interface ShelfOptions {
  /** Directory of the segment files; it is there. */
  readonly directory: string;
  readonly clock: Clock;
  readonly events: EventSink;
  readonly keeper: Keeper;
  /** The part of one processor that merging and checking segments may take, from above 0 to 1. */
  readonly keeperShare: number;
  /** By tag: samples before this time have expired. */
  readonly keepFrom: () => Float64Array;
  readonly onDamage: (damage: SegmentDamage) => void;
}

/** Segments as they were at one moment; `release` says that they are not read any more. */
export interface ShelfLease {
  readonly segments: readonly Segment[];
  release(): void;
}

/** Those who read what the list held before it changed, and what may be removed when they have finished. */
interface Era {
  readers: number;
  retired: readonly Segment[];
}

/** So often it is looked for samples that have expired, and one segment is read for damage. */
const ROUND_MS = 60 * 60_000;

export class SegmentShelf {
  readonly #options: ShelfOptions;
  readonly #files: OpenFiles;
  #segments: readonly Segment[];
  /** The last one is the present. */
  #eras: Era[] = [{ readers: 0, retired: [] }];
  #working: Promise<void> | undefined;
  #removing: Promise<void> = Promise.resolve();
  #cancelTimer: CancelTimer = () => {};
  /** The segment that was read for damage last, and how many have been. */
  #scrubbedPath: string | undefined;
  #scrubbed = 0;
  #expired = 0;
  #closed = false;

  private constructor(options: ShelfOptions, files: OpenFiles, segments: readonly Segment[]) {
    this.#options = options;
    this.#files = files;
    this.#segments = segments;
  }

  /** Opens what is there; damage is told, never an error. Rejects as `openSegments`. */
  static async open(options: ShelfOptions): Promise<{ shelf: SegmentShelf; latest: LatestValues }> {
    const files = new OpenFiles();
    try {
      const { segments, latest } = await openSegments(options.directory, files, options.onDamage);
      return { shelf: new SegmentShelf(options, files, segments), latest };
    } catch (error) {
      await files.close();
      throw error;
    }
  }

  get segments(): readonly Segment[] {
    return this.#segments;
  }

  /** Samples that were let go since the start. */
  get expired(): number {
    return this.#expired;
  }

  /** How often a segment has been read for damage since the start. */
  get scrubbed(): number {
    return this.#scrubbed;
  }

  lease(): ShelfLease {
    const era = this.#eras[this.#eras.length - 1];
    era.readers++;
    let isHeld = true;
    return {
      segments: this.#segments,
      release: () => {
        if (!isHeld) return;
        isHeld = false;
        era.readers--;
        this.#removeRetired();
      },
    };
  }

  /** Opens a segment that has just been committed; `undefined` where it cannot be read back. Rejects as `Segment.open`. */
  open(name: string): Promise<Segment | undefined> {
    return addSegment(this.#options.directory, name, this.#files, this.#options.onDamage);
  }

  add(segment: Segment): void {
    this.#segments.at(-1)?.forgetLedgers();
    this.#segments = [...this.#segments, segment];
  }

  /** Begins to merge, to let go of what has expired and to look for damage, now and from time to time. */
  startWork(): void {
    if (this.#closed) return;
    this.#working ??= this.#mergeAll().finally(() => {
      this.#working = undefined;
    });
    this.#cancelTimer();
    this.#cancelTimer = this.#options.clock.after(ROUND_MS, () => void this.#round());
  }

  /** Resolves when nothing is left to merge and to remove. */
  async settle(): Promise<void> {
    this.startWork();
    while (this.#working) await this.#working;
    await this.#removing;
  }

  /** The keeper is closed before. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelTimer();
    await this.#working;
    await this.#removing;
    await this.#files.close();
    // The next start would do it as well.
    await removeUnfinished(this.#options.directory).catch(() => undefined);
  }

  async #mergeAll(): Promise<void> {
    while (!this.#closed) {
      const keepFrom = this.#options.keepFrom();
      const inputs = this.#plan(keepFrom);
      if (!inputs || !(await this.#replace(inputs, keepFrom))) return;
    }
  }

  #plan(keepFrom: Float64Array): readonly Segment[] | undefined {
    const merge = planMerge(this.#segments);
    if (merge) return this.#segments.slice(...merge);
    if (keepFrom.length === 0) return undefined;
    // The newest segment says how far the log is covered: it stays.
    const rotten = this.#segments.slice(0, -1).find((segment) => hasExpired(segment, keepFrom));
    return rotten && [rotten];
  }

  /** Writes `inputs`, which are neighbours, as one segment; false where that failed, and is to be tried another time. */
  async #replace(inputs: readonly Segment[], keepFrom: Float64Array): Promise<boolean> {
    const { keeper, keeperShare: share, directory, events, clock } = this.#options;
    let written: string | undefined;
    try {
      const paths = inputs.map(({ path }) => path);
      const { name, expired } = await keeper.run<'merge'>({ kind: 'merge', inputs: paths, keepFrom, share });
      written = join(directory, name);
      const merged = await this.open(name);
      if (!merged) return false;
      const at = this.#segments.indexOf(inputs[0]);
      this.#segments = this.#segments.toSpliced(at, inputs.length, merged);
      if (this.#segments.at(-1) !== merged) merged.forgetLedgers();
      this.#expired += expired;
      this.#retire(inputs);
      return true;
    } catch (error) {
      // The inputs stay; a start must not find what was made of them beside what will be made of them.
      if (written) await this.#removeFile(written);
      if ((error as KeeperError).code === KEEPER_CLOSED) return false;
      const names = inputs.map(({ path }) => basename(path)).join(', ');
      const detail = `${names} could not be merged: ${(error as Error).message}; it is tried again`;
      events({ at: clock.now(), kind: 'archive.merge-failed', source: directory, detail });
      return false;
    }
  }

  #retire(segments: readonly Segment[]): void {
    this.#eras[this.#eras.length - 1].retired = segments;
    this.#eras.push({ readers: 0, retired: [] });
    this.#removeRetired();
  }

  #removeRetired(): void {
    while (this.#eras.length > 1 && this.#eras[0].readers === 0) {
      const [{ retired }] = this.#eras.splice(0, 1);
      this.#removing = this.#removing.then(() => this.#remove(retired));
    }
  }

  /** A file that cannot be removed is removed at the next start. */
  async #remove(segments: readonly Segment[]): Promise<void> {
    for (const segment of segments) {
      segment.retire();
      await this.#removeFile(segment.path);
    }
  }

  async #removeFile(path: string): Promise<void> {
    await this.#files.forget(path);
    await rm(path, { force: true }).catch(() => undefined);
  }

  async #round(): Promise<void> {
    this.startWork();
    const { keeper, keeperShare: share } = this.#options;
    const lease = this.lease();
    const at = lease.segments.findIndex(({ path }) => path === this.#scrubbedPath);
    const next = lease.segments[(at + 1) % lease.segments.length];
    this.#scrubbedPath = next?.path;
    // A thread that ended, or a file that cannot be opened, has been told of already.
    if (next) await keeper.run<'scrub'>({ kind: 'scrub', path: next.path, share }).catch(() => undefined);
    this.#scrubbed++;
    lease.release();
  }
}

/** Whether of some tag everything in the segment has expired. */
function hasExpired({ directory, spans }: Segment, keepFrom: Float64Array): boolean {
  return directory.tags.some((tag) => tag < keepFrom.length && keepFrom[tag] > spans.expiryTime(tag));
}
