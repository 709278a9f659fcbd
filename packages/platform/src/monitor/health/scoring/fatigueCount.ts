/** The count of one fatigue of a watch, from the first sample of its load on: it needs no model. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { type Fault, type Result, success } from '@tidegate/core/fault/fault.ts';
import { FatigueMeter } from '@tidegate/health/fatigue/fatigueMeter.ts';
import { z } from 'zod';
import { type SampleRun, valueAt } from '../../../historian/archive/sampleRun.ts';
import type { Historian } from '../../../historian/query/historian.ts';
import type { StoredTag } from '../../../historian/query/historianReader.ts';
import type { FatigueDefinition, HealthWatch } from '../definition/healthWatch.ts';
import type { FeatureReader } from '../features/featureReader.ts';
import { toldTime } from '../models/watchTags.ts';
import type { FatigueStanding } from './watchStanding.ts';

export interface FatiguePorts {
  readonly reader: Pick<FeatureReader, 'load'>;
  readonly historian: Pick<Historian, 'raw'>;
  /** Of the load. */
  readonly tags: readonly StoredTag[];
  /** Standard uncertainty of the load, in its unit; 0 where none is known. */
  readonly uncertainty: number;
}

/** History that is counted at once. */
const PIECE_US = 86_400e6;
const BEGINNING = Number.MIN_SAFE_INTEGER as Timestamp;

const STATE = z.object({
  ...{ since: z.number(), until: z.number(), toldUntil: z.number().nullable() },
  ...{ isIncomplete: z.boolean(), meter: z.unknown() },
});

export class FatigueCount {
  readonly #watch: HealthWatch;
  readonly #fatigue: FatigueDefinition;
  #meter: FatigueMeter | undefined;
  #since = Number.NaN;
  #until = Number.NaN;
  #target = Number.NaN;
  /** Its damage is in the archive up to here (µs). */
  #toldUntil = Number.NEGATIVE_INFINITY;
  /** Samples came before what was counted: it is counted anew, as soon as it has caught up. */
  #isIncomplete = false;
  /** Why nothing can be counted. */
  #fault: Fault | undefined;

  /** `state` is what `state()` gave; with another law, or another load, it is counted anew. */
  constructor(watch: HealthWatch, fatigue: FatigueDefinition, uncertainty: number, state?: unknown) {
    this.#watch = watch;
    this.#fatigue = fatigue;
    const read = STATE.safeParse(state);
    const meter = read.success && read.data.meter ? this.#open(uncertainty, read.data.meter) : undefined;
    if (!read.success || !meter?.ok) return;
    const { since, until, toldUntil, isIncomplete } = read.data;
    [this.#meter, this.#since, this.#until, this.#isIncomplete] = [meter.value, since, until, isIncomplete];
    this.#toldUntil = toldUntil ?? Number.NEGATIVE_INFINITY;
  }

  get name(): string {
    return this.#fatigue.name;
  }

  /** Counted up to here (µs); NaN before anything is known. */
  get until(): number {
    return this.#until;
  }

  /** Whether there is more to count before `ready` (µs), or to count again. */
  isBehind(ready: number): boolean {
    return this.#isIncomplete || !(ready - this.#until < this.#watch.intervalUs);
  }

  /** Samples of the load came that are older than `until`: all is counted again. */
  repeat(): void {
    this.#isIncomplete = true;
  }

  /** All is counted again by a clock that shows `now` (µs); what is told from then on is. */
  beginAnew(now: number): void {
    [this.#meter, this.#since, this.#until, this.#isIncomplete] = [undefined, Number.NaN, Number.NaN, false];
    this.#toldUntil = Math.min(this.#toldUntil, now);
  }

  /** The damage at `until`, where it was not told yet; it counts as told then. */
  takeDamage(): number | undefined {
    if (!this.#meter || this.#until <= this.#toldUntil) return undefined;
    this.#toldUntil = this.#until;
    return this.#meter.account().damage;
  }

  /**
   * Counts a piece more, at the most up to `ready`; from `changedAt` on, where the part was changed since it was begun. Gives
   * whether anything was counted. Faults: those of history.
   */
  async advance(ports: FatiguePorts, ready: number, changedAt: number | undefined): Promise<Result<boolean>> {
    this.#target = ready;
    const isCaughtUp = ready - this.#until < this.#watch.intervalUs;
    if (this.#isIncomplete && isCaughtUp) [this.#meter, this.#isIncomplete] = [undefined, false];
    if (changedAt !== undefined && changedAt > this.#since) this.#meter = undefined;
    if (!this.#meter) {
      const begun = await this.#begin(ports, changedAt);
      if (!begun.ok || !begun.value) return begun;
    }
    const { intervalUs } = this.#watch;
    if (!this.#meter || !this.isBehind(ready)) return success(false);
    const wholePieces = Math.max(1, Math.floor(PIECE_US / intervalUs));
    const end = Math.min(this.#until + wholePieces * intervalUs, Math.floor(ready / intervalUs) * intervalUs);
    const load = await ports.reader.load(this.#watch, this.#fatigue.attribute, this.#until, end);
    if (!load.ok) return load;
    this.#push(this.#meter, load.value, end);
    this.#until = end;
    return success(true);
  }

  /** `undefined` where nothing has been counted. */
  standing(): FatigueStanding | undefined {
    const meter = this.#meter;
    if (!meter) return undefined;
    const { damage, damagePerDay: perDay, cycles, leastRange } = meter.account();
    const told = { name: this.#fatigue.name, damage, perDay, since: this.#since, cycles, leastRange };
    if (this.#target - this.#until > 2 * PIECE_US) {
      const noLife = `its history is still being counted, up to ${toldTime(this.#until)}`;
      return { ...told, life: undefined, noLife };
    }
    const life = meter.life();
    if (!life.ok) return { ...told, life: undefined, noLife: life.fault.detail };
    return { ...told, life: life.value, noLife: undefined };
  }

  /** Why nothing is counted; `undefined` where it is. */
  fault(): Fault | undefined {
    return this.#fault;
  }

  /** As JSON. */
  state(): unknown {
    const toldUntil = Number.isFinite(this.#toldUntil) ? this.#toldUntil : null;
    const [since, until, isIncomplete] = [this.#since, this.#until, this.#isIncomplete];
    return { since, until, toldUntil, isIncomplete, meter: this.#meter?.state() };
  }

  /** From the first sample on, or from when the part was changed; false where there is no sample yet. */
  async #begin(
    { historian, tags, uncertainty }: FatiguePorts,
    changedAt: number | undefined,
  ): Promise<Result<boolean>> {
    let since = changedAt ?? Number.POSITIVE_INFINITY;
    if (changedAt === undefined) {
      for (const { index } of tags) {
        const { times } = await historian.raw(index, BEGINNING, Number.MAX_SAFE_INTEGER as Timestamp, 1, 'oldest');
        since = Math.min(since, times.at(0) ?? since);
      }
    }
    if (!Number.isFinite(since)) return success(false);
    const meter = this.#open(uncertainty);
    this.#fault = meter.ok ? undefined : meter.fault;
    if (!meter.ok) return success(false);
    this.#meter = meter.value;
    this.#since = since;
    this.#until = Math.floor(since / this.#watch.intervalUs) * this.#watch.intervalUs;
    return success(true);
  }

  #open(uncertainty: number, state?: unknown): Result<FatigueMeter> {
    // A value is told again with each interval as long as it holds: what is further apart has not been seen.
    const longestGapUs = 2 * this.#watch.intervalUs;
    return FatigueMeter.open({ law: this.#fatigue.law, uncertainty, longestGapUs }, state);
  }

  #push(meter: FatigueMeter, run: SampleRun, end: number): void {
    const { intervalUs } = this.#watch;
    let held = Number.NaN;
    let next = this.#until + intervalUs;
    const tellUntil = (time: number) => {
      for (; next <= time; next += intervalUs) if (Number.isFinite(held) && next < time) meter.push(next, held);
    };
    for (let row = 0; row < run.times.length; row++) {
      tellUntil(run.times[row]);
      const value = run.statuses[row] < BAD ? valueAt(run, row) : null;
      held = typeof value === 'number' ? value : Number.NaN;
      if (Number.isFinite(held)) meter.push(run.times[row], held);
    }
    tellUntil(end);
  }
}

/** The severity of a status, OPC 10000-4, 7.39: from here on there is no usable value. */
const BAD = 0x80000000;
