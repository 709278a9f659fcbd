/**
 * Judges one equipment by a learned profile, from the readings of its tags: rows of averages, each when its interval is over.
 *
 * - Intervals begin at whole multiples of their length since 1970 UTC, as on the server. A row is judged when the clock has passed the
 *   end of its interval by a grace, in which samples may come in any order: a tenth of the interval, 1 s to 1 min.
 * - A sample of a time that has been accounted for changes no row. Where it is the newest of its feature, its value holds from then on.
 *   Either way it is counted.
 * - While nobody looked at the clock (the process was stopped or held up, or the clock was set forward), nothing is known: what held
 *   before does not go on, and intervals that lie in that time alone have no row.
 * - Where the clock is behind what was judged, nothing is judged until it is there. If it is not after an hour, all begins anew: from
 *   where it stood before the clock was set forward, if that is known.
 */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import type { ProfileStream } from '@tidegate/health/profile/learnedProfile.ts';
import type { Readings } from '../../acquisition/readings.ts';
import { HeldAverages, type KeptAverages } from './heldAverages.ts';
import { writeJudgement, writeNone } from './judgement.ts';
import { type KeptDetector, readKeptDetector } from './keptDetector.ts';
import { WaitingSamples } from './waitingSamples.ts';
import type { WatchedProfile } from './watchedProfile.ts';

const US_PER_S = 1e6;
const GRACE_SHARE = 0.1;
const LEAST_GRACE_US = US_PER_S;
const LONGEST_GRACE_US = 60 * US_PER_S;
/** Nobody looks more seldom than this at the clock, unless something held it up. */
const LONGEST_LOOK_US = 120 * US_PER_S;
const PATIENCE_MS = 3_600_000;

export class HealthDetector {
  readonly watched: WatchedProfile;
  readonly #tell: (detail: string) => void;
  readonly #intervalUs: number;
  readonly #graceUs: number;
  readonly #row: Float64Array;
  readonly #waiting = new WaitingSamples();
  /** By feature: the time of its newest sample. */
  readonly #newest: Float64Array;
  #averages: HeldAverages;
  #stream: ProfileStream;
  /** All samples up to here are accounted for, and the interval at hand ends there (µs). */
  #time = 0;
  #end = 0;
  /** By the wall clock, when somebody looked last (µs). */
  #looked: number;
  /** By the clock that never goes back, since when the other one is behind (ms). */
  #behindSinceMs: number | undefined;
  /** As it stood before the clock was last set forward. */
  #beforeLeap: KeptDetector | undefined;
  #late = 0;

  /** `kept` is what `keep` gave in a former life; what is of another model or other tags is left aside. */
  constructor(watched: WatchedProfile, kept: unknown, now: number, tell: (detail: string) => void) {
    const { profile, features } = watched;
    const { intervalUs } = profile.spec;
    this.watched = watched;
    this.#tell = tell;
    this.#intervalUs = intervalUs;
    this.#graceUs = Math.min(LONGEST_GRACE_US, Math.max(LEAST_GRACE_US, intervalUs * GRACE_SHARE));
    this.#row = new Float64Array(features.length);
    this.#newest = new Float64Array(features.length);
    this.#averages = new HeldAverages(features.length);
    this.#stream = profile.stream();
    this.#looked = now;
    const stood = kept === undefined ? undefined : readKeptDetector(kept, watched);
    if (stood?.ok === false) tell(`${stood.fault.code}: ${stood.fault.detail} Judging begins anew.`);
    this.#beginAnew(now, stood?.ok ? stood.value : undefined);
  }

  /** A sample of a feature, by its place (µs, NaN where there is no usable value). Costs no more than keeping it for a while. */
  take(feature: number, time: number, value: number, isGood: boolean): void {
    const isNewest = time >= this.#newest[feature];
    if (isNewest) this.#newest[feature] = time;
    const isLate = !(time >= this.#time);
    if (isLate) this.#late++;
    if (isLate && !isNewest) return;
    if (!this.#waiting.insert(Math.max(time, this.#time), feature, value, isGood)) this.#late++;
  }

  /**
   * Judges what is over by the wall clock `now` (µs), and gives the number of rows; `elapsedMs` is by a clock that never goes back.
   * Throws what the model throws, which is a bug: its stream has begun afresh then, behind the row at which it threw.
   */
  advance(now: Timestamp, elapsedMs: number, readings: Readings): number {
    if (now < this.#time) return this.#waitForClock(now, elapsedMs);
    this.#behindSinceMs = undefined;
    const looked = this.#looked;
    this.#looked = now;
    const rows = now - looked > LONGEST_LOOK_US ? this.#leap(looked, now, readings) : 0;
    return rows + this.#judgeUntil(now - this.#graceUs, readings);
  }

  /** Nothing more will come: accounts for all samples that have, and judges what is over without a grace. */
  finish(now: Timestamp, readings: Readings): void {
    if (now >= this.#time && now - this.#looked <= LONGEST_LOOK_US) this.#judgeUntil(now, readings);
  }

  /** How it stands, as JSON. */
  keep(): KeptDetector {
    const { name, digest, features } = this.watched;
    const averages = this.#averages.keep(this.#time);
    return { name, digest, features, averages, late: this.#late, stream: this.#stream.state() };
  }

  #judgeUntil(until: number, readings: Readings): number {
    let rows = 0;
    for (; this.#end <= until; rows++) {
      this.#account(this.#end);
      this.#judge(this.#end, readings);
    }
    if (until > this.#time) this.#account(until);
    return rows;
  }

  /** Of what was before, all is judged that was over; then nothing is known until the next samples. */
  #leap(looked: number, now: number, readings: Readings): number {
    const rows = this.#judgeUntil(looked, readings);
    this.#averages.lose(this.#time);
    this.#beforeLeap = this.keep();
    if (this.#end > now - this.#graceUs) return rows;
    this.#judge(this.#startOf(now), readings);
    return rows + 1;
  }

  #account(until: number): void {
    const waiting = this.#waiting;
    for (; waiting.time <= until; waiting.shift()) {
      const time = Math.max(waiting.time, this.#time);
      this.#averages.hold(waiting.feature, time, waiting.value, waiting.isGood);
    }
    this.#time = until;
  }

  /** Judges the interval that is over; the next begins at `next`. */
  #judge(next: number, readings: Readings): void {
    const { profile, tags } = this.watched;
    const end = this.#end as Timestamp;
    const quality = this.#averages.end(end, this.#row);
    this.#beginInterval(next);
    readings.number(tags.late, end, this.#late, STATUS.Good);
    try {
      writeJudgement(tags, this.#stream.push(end, this.#row, quality), readings);
    } catch (error) {
      writeNone(tags, end, STATUS.Bad, readings);
      this.#stream = profile.stream();
      throw error;
    }
  }

  #waitForClock(now: number, elapsedMs: number): number {
    this.#looked = now;
    if (this.#behindSinceMs === undefined) {
      this.#behindSinceMs = elapsedMs;
      const behind = `the clock shows ${timeText(now)}, and all until ${timeText(this.#time)} is judged`;
      this.#tell(`${behind}: nothing is until it is there, and after an hour judging begins anew`);
    } else if (elapsedMs - this.#behindSinceMs >= PATIENCE_MS) {
      const before = this.#beforeLeap && this.#beforeLeap.averages.until <= now ? this.#beforeLeap : undefined;
      this.#beginAnew(now, before);
      const from = before ? timeText(before.averages.until) : 'the beginning';
      this.#tell(`the clock has been behind for an hour: judging begins anew, as it stood at ${from}`);
    }
    return 0;
  }

  #beginAnew(now: number, kept: KeptDetector | undefined): void {
    const { features, profile } = this.watched;
    this.#waiting.clear();
    this.#newest.fill(Number.NEGATIVE_INFINITY);
    this.#averages = new HeldAverages(features.length);
    this.#stream = profile.stream(kept?.stream);
    this.#behindSinceMs = undefined;
    this.#beforeLeap = undefined;
    this.#late = kept?.late ?? this.#late;
    if (kept) this.#resume(kept.averages);
    else this.#beginInterval(this.#startOf(now));
  }

  #resume(averages: KeptAverages): void {
    this.#averages.resume(averages);
    this.#time = averages.until;
    this.#looked = averages.until;
    this.#end = averages.begun + this.#intervalUs;
  }

  #beginInterval(start: number): void {
    this.#averages.begin(start);
    this.#time = start;
    this.#end = start + this.#intervalUs;
  }

  #startOf(time: number): number {
    return Math.floor(time / this.#intervalUs) * this.#intervalUs;
  }
}

function timeText(time: number): string {
  return new Date(time / 1_000).toISOString();
}
