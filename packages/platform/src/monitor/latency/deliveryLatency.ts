/**
 * How long samples take from the field to where they are served, for each lane and each tag, against what was promised.
 *
 * Of each batch only the newest sample of a tag counts, and only where it is newer than all before it: what drains from a
 * backlog, was stored at a device, or comes with the next one because exception reporting had held it back, says nothing of
 * how fresh the present is. The figures are those of the present minute and the one before. Where more comes than a plant
 * reads, as when a backlog drains, only a part of the batches is looked at, so that looking costs next to nothing.
 */

import type { SampleBlock } from '@tidegate/core/block/sampleBlock.ts';
import type { Clock } from '@tidegate/core/clock/clock.ts';
import { US_PER_MS } from '@tidegate/core/clock/timestamp.ts';
import { LANES, type Lane, type PerLane } from '@tidegate/core/sample/lane.ts';
import { LagHistogram } from './lagHistogram.ts';

export interface DeliveryLatencyOptions {
  /** 99 of 100 samples of a lane should be served within so many milliseconds of their time. */
  readonly objectivesMs: PerLane<number>;
  readonly clock: Clock;
  /** The lane of a tag by its index. */
  readonly laneOf: (tag: number) => Lane;
}

/** In milliseconds, `undefined` where no sample came lately. */
export interface LaneLatency {
  readonly lane: Lane;
  readonly objectiveMs: number;
  /** Samples of the last minute or two. */
  readonly samples: number;
  readonly p50Ms: number | undefined;
  readonly p99Ms: number | undefined;
  readonly maxMs: number | undefined;
}

export interface TagLatency {
  /** Index of the tag. */
  readonly tag: number;
  readonly lane: Lane;
  readonly lastMs: number;
  /** Of the last minute or two. */
  readonly maxMs: number;
  /** How many samples of the last minute or two were later than the objective of their lane. */
  readonly late: number;
}

const WINDOW_MS = 60_000;
/** Samples of a lane that are looked at in a second; the batch in which there are more is the last one. */
const MOST_IN_SECOND = 250_000;
const UNKNOWN_LANE = 255;

/** What is counted in one minute. */
class Minute {
  readonly lanes = LANES.map(() => new LagHistogram());
  maxMs = new Float32Array(0);
  late = new Uint32Array(0);

  clear(): void {
    for (const lane of this.lanes) lane.clear();
    this.maxMs.fill(0);
    this.late.fill(0);
  }
}

export class DeliveryLatency {
  readonly #options: DeliveryLatencyOptions;
  readonly #objectivesMs: readonly number[];
  #lane = new Uint8Array(0);
  #newest = new Float64Array(0);
  #lastMs = new Float32Array(0);
  /** Number of the batch in which the tag had its newest sample. */
  #renewedIn = new Float64Array(0);
  /** The tags that the batch at hand has renewed. */
  #renewed = new Uint32Array(0);
  #batch = 0;
  #second = 0;
  /** Samples of each lane that have been looked at in this second. */
  readonly #lookedAt = new Float64Array(LANES.length);
  #now = new Minute();
  #before = new Minute();
  #windowEndsMs: number;

  constructor(options: DeliveryLatencyOptions) {
    this.#options = options;
    this.#objectivesMs = LANES.map((lane) => options.objectivesMs[lane]);
    this.#windowEndsMs = options.clock.elapsedMs() + WINDOW_MS;
  }

  /** Samples that are served from now on; row `i` belongs to tag `tags[i]`. */
  observe(tags: Uint32Array, { times, count }: SampleBlock): void {
    if (count === 0) return;
    this.#turn();
    if (!this.#mayLook(tags[0], count)) return;
    const batch = ++this.#batch;
    if (count > this.#renewed.length) this.#renewed = new Uint32Array(count);
    let renewed = 0;
    for (let row = 0; row < count; row++) {
      const tag = tags[row];
      if (tag >= this.#newest.length) this.#grow(tag);
      const time = times[row];
      if (!(time > this.#newest[tag])) continue;
      this.#newest[tag] = time;
      if (this.#renewedIn[tag] === batch) continue;
      this.#renewedIn[tag] = batch;
      this.#renewed[renewed++] = tag;
    }
    const nowUs = this.#options.clock.now();
    for (let at = 0; at < renewed; at++) {
      const tag = this.#renewed[at];
      this.#count(tag, (nowUs - this.#newest[tag]) / US_PER_MS);
    }
  }

  /** In the order of `LANES`. */
  lanes(): LaneLatency[] {
    this.#turn();
    return LANES.map((lane, code) => {
      const [now, before] = [this.#now.lanes[code], this.#before.lanes[code]];
      const samples = now.samples + before.samples;
      return {
        lane,
        objectiveMs: this.#objectivesMs[code],
        samples,
        p50Ms: now.percentile(0.5, before),
        p99Ms: now.percentile(0.99, before),
        maxMs: samples === 0 ? undefined : Math.max(now.maxMs, before.maxMs),
      };
    });
  }

  /** What is known of one tag; `undefined` where nothing of it has come. */
  tag(tag: number): TagLatency | undefined {
    if (tag >= this.#newest.length || this.#newest[tag] === Number.NEGATIVE_INFINITY) return undefined;
    this.#turn();
    return {
      tag,
      lane: LANES[this.#lane[tag]],
      lastMs: this.#lastMs[tag],
      maxMs: Math.max(this.#now.maxMs[tag], this.#before.maxMs[tag]),
      late: this.#now.late[tag] + this.#before.late[tag],
    };
  }

  /** The tags that were late in the last minute or two, those with most late samples first, at most `limit`. */
  lateTags(limit: number): TagLatency[] {
    this.#turn();
    const late: TagLatency[] = [];
    for (let tag = 0; tag < this.#newest.length; tag++) {
      if (this.#now.late[tag] + this.#before.late[tag] === 0) continue;
      const found = this.tag(tag);
      if (found) late.push(found);
    }
    return late.sort((a, b) => b.late - a.late || b.maxMs - a.maxMs).slice(0, limit);
  }

  /** The samples of a batch are of one lane, that of its first tag. */
  #mayLook(tag: number, count: number): boolean {
    const second = Math.floor(this.#options.clock.elapsedMs() / 1_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#lookedAt.fill(0);
    }
    if (tag >= this.#newest.length) this.#grow(tag);
    const lane = this.#laneOf(tag);
    if (this.#lookedAt[lane] >= MOST_IN_SECOND) return false;
    this.#lookedAt[lane] += count;
    return true;
  }

  #laneOf(tag: number): number {
    if (this.#lane[tag] === UNKNOWN_LANE) this.#lane[tag] = LANES.indexOf(this.#options.laneOf(tag));
    return this.#lane[tag];
  }

  #count(tag: number, lagMs: number): void {
    const lane = this.#laneOf(tag);
    const { lanes, maxMs, late } = this.#now;
    lanes[lane].add(lagMs);
    this.#lastMs[tag] = lagMs;
    if (lagMs > maxMs[tag]) maxMs[tag] = lagMs;
    if (lagMs > this.#objectivesMs[lane]) late[tag]++;
  }

  #turn(): void {
    const elapsedMs = this.#options.clock.elapsedMs();
    if (elapsedMs < this.#windowEndsMs) return;
    const before = this.#before;
    this.#before = this.#now;
    this.#now = before;
    before.clear();
    // A minute in which nothing was asked and nothing came is over as well.
    if (elapsedMs >= this.#windowEndsMs + WINDOW_MS) this.#before.clear();
    this.#windowEndsMs = elapsedMs + WINDOW_MS;
  }

  #grow(tag: number): void {
    const length = Math.max(1_024, 2 ** Math.ceil(Math.log2(tag + 1)));
    const known = this.#newest.length;
    this.#newest = grown(this.#newest, new Float64Array(length)).fill(Number.NEGATIVE_INFINITY, known);
    this.#lane = grown(this.#lane, new Uint8Array(length)).fill(UNKNOWN_LANE, known);
    this.#lastMs = grown(this.#lastMs, new Float32Array(length));
    this.#renewedIn = grown(this.#renewedIn, new Float64Array(length));
    for (const minute of [this.#now, this.#before]) {
      minute.maxMs = grown(minute.maxMs, new Float32Array(length));
      minute.late = grown(minute.late, new Uint32Array(length));
    }
  }
}

/** `larger`, which begins with what `column` holds. */
function grown<Column extends Float64Array | Float32Array | Uint32Array | Uint8Array>(
  column: Column,
  larger: Column,
): Column {
  larger.set(column);
  return larger;
}
