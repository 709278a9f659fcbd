/**
 * The profiles that judge in a gateway: on what it reads, whether or not the boundary can be crossed, and before anything of
 * it is left out. What they say are samples of tags of the operational lane, which alarms may watch.
 */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { type Clock, delay } from '@tidegate/core/clock/clock.ts';
import type { EventKind, EventSink } from '@tidegate/core/port/eventSink.ts';
import type { SampleSink } from '@tidegate/core/port/sampleSink.ts';
import { Readings } from '../../acquisition/readings.ts';
import type { ReadingWatcher } from '../readingWatcher.ts';
import { HealthDetector } from './healthDetector.ts';
import type { WatchedProfile } from './watchedProfile.ts';

export interface GatewayHealthParts {
  readonly profiles: readonly WatchedProfile[];
  /** What was kept of each, in the same order; `undefined` where nothing was. */
  readonly kept: readonly unknown[];
  readonly clock: Clock;
  readonly events: EventSink;
}

/** A tag as a feature of a detector. */
interface Use {
  readonly detector: HealthDetector;
  readonly feature: number;
}

const LOOK_MS = 250;
/** Readings and alarms have their turn. */
const NEXT_TURN_MS = 1;
/** A row costs about 10 µs for each feature: after so many, others have their turn. */
const ROWS_PER_TURN = 32;
/** Statuses of this severity and above are uncertain, and bad (OPC UA Part 4, 7.39). */
const UNCERTAIN = 0x40000000;
const BAD = 0x80000000;

export class GatewayHealth implements ReadingWatcher {
  readonly detectors: readonly HealthDetector[];
  readonly #clock: Clock;
  readonly #events: EventSink;
  /** By the numbers of tags. */
  readonly #uses: (readonly Use[] | undefined)[] = [];
  #readings: Readings | undefined;
  /** The detector that is looked at next. */
  #next = 0;

  constructor({ profiles, kept, clock, events }: GatewayHealthParts) {
    this.#clock = clock;
    this.#events = events;
    this.detectors = profiles.map((watched, at) => {
      const tell = (detail: string) => this.#event('health.failed', watched.name, detail);
      return new HealthDetector(watched, kept[at], clock.now(), tell);
    });
    for (const detector of this.detectors) {
      for (const [feature, tag] of detector.watched.features.entries()) {
        this.#uses[tag] = [...(this.#uses[tag] ?? []), { detector, feature }];
      }
    }
  }

  /** From now on readings are looked at, and what is judged becomes samples. */
  attach(sink: SampleSink): void {
    this.#readings = new Readings(sink);
  }

  /** What the gateway itself writes when it stops says nothing of the plant: all is judged that can be, and then nothing more. */
  detach(): void {
    const readings = this.#readings;
    if (!readings) return;
    this.#readings = undefined;
    const now = this.#clock.now();
    for (const detector of this.detectors) this.#guard(detector, () => detector.finish(now, readings));
    readings.flush();
  }

  read(tag: number, time: number, value: number, kind: number, status: number): void {
    const uses = this.#uses[tag];
    if (uses === undefined || !this.#readings) return;
    const isUsable = kind === ValueKind.number && status < BAD && Number.isFinite(value);
    const held = isUsable ? value : Number.NaN;
    for (const { detector, feature } of uses) detector.take(feature, time, held, isUsable && status < UNCERTAIN);
  }

  /** Lets time go by, until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) await delay(this.#clock, this.tick() ? NEXT_TURN_MS : LOOK_MS, signal);
  }

  /** Judges what is due; where it gives true, there is more, and it is to be called again as soon as others have had their turn. */
  tick(): boolean {
    const readings = this.#readings;
    if (!readings) return false;
    const now = this.#clock.now();
    const elapsedMs = this.#clock.elapsedMs();
    let rows = 0;
    while (this.#next < this.detectors.length && rows < ROWS_PER_TURN) {
      const detector = this.detectors[this.#next++];
      this.#guard(detector, () => {
        rows += detector.advance(now, elapsedMs, readings);
      });
    }
    readings.flush();
    if (this.#next < this.detectors.length) return true;
    this.#next = 0;
    return false;
  }

  /** A model that throws costs its own rows, and nobody else's. */
  #guard({ watched: { name } }: HealthDetector, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#event('worker.crashed', `health of ${name}`, `${String(error)}; it begins anew`);
    }
  }

  #event(kind: EventKind, source: string, detail: string): void {
    this.#events({ at: this.#clock.now(), kind, source, detail });
  }
}
