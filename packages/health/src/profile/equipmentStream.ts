/** Judges the rows of one equipment as they come, by a profile; its memory is bounded and can be stored. */

import type { OperatingModeStream } from '../detect/operatingModes.ts';
import type { Assessment, FeatureDrift, Unscored } from './assessment.ts';
import { FeatureDriftMonitor } from './featureDriftMonitor.ts';
import type { LearnedParts } from './learnedParts.ts';
import type { ProfileStream } from './learnedProfile.ts';
import { isMeasured, LEAST_QUALITY } from './learningRows.ts';
import { slotOf } from './levelClock.ts';
import { rarityOf } from './outsideScores.ts';
import { leavesNormal } from './rowNormal.ts';
import { takeOutSeasons } from './rowSeasons.ts';
import { STRANGE_ROWS } from './rowThreshold.ts';
import { SlotMeans } from './slotMeans.ts';

/** What is strange is sudden: so many times the usual peak of late. What comes slowly is told as a drift. */
const SUDDEN = 2;
/** The usual peak of a period follows those of so many. */
const USUAL_PERIODS = 5;
/** Rows further apart than so many intervals are no neighbours. */
const NEIGHBOURS = 1.5;

/** Clocks are put forward and back, and the sun rises an hour earlier within weeks: what is usual then is no reason for an alarm. */
const BESIDE_US = [-3_600e6, 3_600e6];

/** Places of `#memory`. */
const LAST_TIME = 0;
const PERIOD = 1;
const PEAK = 2;
const USUAL_PEAK = 3;
const LEAVING = 4;
const SCORES = 5;

const UNKNOWN: FeatureDrift = {
  level: Number.NaN,
  normal: Number.NaN,
  spread: Number.NaN,
  evidence: 0,
  since: Number.NaN,
  perDay: Number.NaN,
  step: undefined,
  life: undefined,
  noLife: 'It is not watched for drifts: it did not change in the learning time, or that was too short.',
};

export class EquipmentStream implements ProfileStream {
  readonly #parts: LearnedParts;
  readonly #modes: OperatingModeStream;
  readonly #slots: SlotMeans;
  readonly #monitors: readonly (FeatureDriftMonitor | undefined)[];
  readonly #row: Float64Array;
  /** The same with the seasons of so much earlier and later; none where there are no seasons. */
  readonly #beside: readonly { readonly awayUs: number; readonly row: Float64Array }[];
  readonly #gap: Float64Array;
  /** Time of the last row; period, its peak and the usual one; how many rows in line leave what is expected; the last scores. */
  readonly #memory = new Float64Array(SCORES + STRANGE_ROWS);
  #drifts: readonly FeatureDrift[] = [];
  #drifting = false;

  constructor(parts: LearnedParts) {
    const { spec, kept, clock, normals } = parts;
    this.#parts = parts;
    this.#modes = parts.detector.stream();
    this.#slots = new SlotMeans(clock, kept.length);
    this.#monitors = normals.map(
      (normal, i) => normal && new FeatureDriftMonitor(spec.features[kept[i]], i, normal, clock),
    );
    this.#row = new Float64Array(kept.length);
    const isSeasonal = parts.seasons.some((season) => season !== undefined);
    this.#beside = isSeasonal ? BESIDE_US.map((awayUs) => ({ awayUs, row: new Float64Array(kept.length) })) : [];
    this.#gap = new Float64Array(kept.length).fill(Number.NaN);
    this.#memory[LAST_TIME] = Number.NEGATIVE_INFINITY;
    this.#memory[PERIOD] = -1;
    this.#memory[PEAK] = parts.usualPeak;
    this.#memory[USUAL_PEAK] = parts.usualPeak;
    this.#gather();
  }

  /** Throws a RangeError for a row of another width, and for a time that does not ascend. */
  push(time: number, row: Float64Array, quality: number, outside = Number.NaN): Assessment {
    const { spec, kept } = this.#parts;
    const last = this.#memory[LAST_TIME];
    if (row.length !== spec.features.length)
      throw new RangeError(`${row.length} values for ${spec.features.length} features`);
    if (!(time > last && Number.isFinite(time)))
      throw new RangeError(`the row at ${time} does not come after that at ${last}`);
    if (time - last > NEIGHBOURS * spec.intervalUs) this.#breakLine();
    this.#memory[LAST_TIME] = time;
    let isComplete = true;
    for (let i = 0; i < kept.length; i++) {
      this.#row[i] = row[kept[i]];
      isComplete &&= isMeasured(this.#row[i]);
    }
    if (!isComplete || !(quality >= LEAST_QUALITY)) {
      this.#breakLine();
      return this.#assessment(time, quality, Number.NaN, isComplete ? 'doubtful' : 'missing');
    }
    this.#takeOutSeasons(time - spec.intervalUs / 2);
    if (this.#slots.push(time, this.#row)) this.#closeSlot();
    const own = this.#modes.push(this.#row);
    const { outside: tail } = this.#parts;
    const score = tail ? rarityOf(tail, outside) : own;
    const lack = tail ? 'missing' : 'warming-up';
    return this.#assessment(time, quality, score, Number.isNaN(score) ? lack : undefined);
  }

  state(): unknown {
    return { memory: this.#memories().map((memory) => Array.from(memory, storable)) };
  }

  /** Whether the state fits; where it does not, the stream is good for nothing any more. */
  restore(state: unknown): boolean {
    const stored: unknown = (state as { memory?: unknown } | null)?.memory;
    const memories = this.#memories();
    if (!Array.isArray(stored) || stored.length !== memories.length) return false;
    for (const [i, memory] of memories.entries()) {
      const values: unknown = stored[i];
      if (!Array.isArray(values) || values.length !== memory.length || !values.every(isStorable)) return false;
      for (let at = 0; at < memory.length; at++) memory[at] = Number(values[at]);
    }
    for (const monitor of this.#monitors) if (monitor?.restored() === false) return false;
    this.#gather();
    return true;
  }

  #memories(): readonly Float64Array[] {
    const monitors = this.#monitors.flatMap((monitor) => monitor?.memory() ?? []);
    return [this.#memory, ...this.#slots.memory(), ...this.#modes.memory(), ...monitors];
  }

  #takeOutSeasons(time: number): void {
    const { seasons } = this.#parts;
    for (const { awayUs, row } of this.#beside) {
      row.set(this.#row);
      takeOutSeasons(seasons, time + awayUs, row);
    }
    takeOutSeasons(seasons, time, this.#row);
  }

  /** Rows to come are no neighbours of those before. */
  #breakLine(): void {
    this.#modes.push(this.#gap);
    this.#memory.fill(0, LEAVING);
  }

  #closeSlot(): void {
    let changed = false;
    for (const monitor of this.#monitors) {
      if (monitor?.push(this.#slots.closedSlot, this.#slots.means)) changed = true;
    }
    if (changed) this.#gather();
  }

  #gather(): void {
    const { spec, kept } = this.#parts;
    const drifts = spec.features.map(() => UNKNOWN);
    for (const [i, monitor] of this.#monitors.entries()) if (monitor) drifts[kept[i]] = monitor.drift;
    this.#drifts = drifts;
    this.#drifting = drifts.some(({ evidence }) => evidence >= 1);
  }

  #assessment(time: number, quality: number, score: number, unscored: Unscored | undefined): Assessment {
    const { spec, report } = this.#parts;
    const contributions = new Float64Array(spec.features.length);
    const isScored = unscored === undefined;
    const strange = isScored && this.#isStrange(time, score);
    if (isScored) this.#contribute(contributions, strange);
    const isUsable = isScored || unscored === 'warming-up';
    return {
      time,
      quality,
      score,
      unscored,
      contributions,
      mode: isScored && score <= report.threshold ? this.#modes.mode : -1,
      drifts: this.#drifts,
      strange,
      drifting: isUsable && this.#drifting,
    };
  }

  /** To an alarm only what leaves what is expected of it; all where none of that made the score. */
  #contribute(contributions: Float64Array, strange: boolean): void {
    const { kept, outside } = this.#parts;
    const ofKept = this.#modes.contributions();
    const isAny = strange && outside === undefined && ofKept.some((part, i) => part > 0 && this.#leaves(i));
    for (let i = 0; i < kept.length; i++) contributions[kept[i]] = !isAny || this.#leaves(i) ? ofKept[i] : 0;
  }

  /** Whether a feature of the last row is where it is not expected. */
  #leaves(feature: number): boolean {
    const normals = this.#parts.rowNormals[this.#modes.mode];
    if (normals === undefined || !leavesNormal(normals[feature], this.#row, feature)) return false;
    for (const { row } of this.#beside) if (!leavesNormal(normals[feature], row, feature)) return false;
    return true;
  }

  /** A model from elsewhere says of itself what is strange: what it looks at is not known. */
  #isLeaving(): boolean {
    if (this.#parts.outside) return true;
    for (let i = 0; i < this.#row.length; i++) if (this.#leaves(i)) return true;
    return false;
  }

  /** The usual peak follows as long as nothing is strange, so that what is strange does not become usual. */
  #isStrange(time: number, score: number): boolean {
    const memory = this.#memory;
    memory.copyWithin(SCORES + 1, SCORES, SCORES + STRANGE_ROWS - 1);
    memory[SCORES] = score;
    let least = score;
    for (let i = 1; i < STRANGE_ROWS; i++) least = Math.min(least, memory[SCORES + i]);
    memory[LEAVING] = this.#isLeaving() ? Math.min(memory[LEAVING] + 1, STRANGE_ROWS) : 0;
    const isRare = least > this.#parts.report.threshold && least > SUDDEN * memory[USUAL_PEAK];
    const isStrange = isRare && memory[LEAVING] === STRANGE_ROWS;
    const period = Math.floor(slotOf(this.#parts.clock, time) / this.#parts.clock.slotsPerPeriod);
    if (period !== memory[PERIOD]) {
      memory[USUAL_PEAK] += (memory[PEAK] - memory[USUAL_PEAK]) / USUAL_PERIODS;
      memory[PERIOD] = period;
      memory[PEAK] = 0;
    }
    if (!isStrange) memory[PEAK] = Math.max(memory[PEAK], least);
    return isStrange;
  }
}

/** JSON has no NaN and no infinite numbers. */
function storable(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

function isStorable(value: unknown): value is number | string {
  return typeof value === 'number' || value === 'NaN' || value === 'Infinity' || value === '-Infinity';
}
