/** What was learned of the lives of a fleet, ready to tell the life left of units that still run. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { type Fleet, type UnitSpan, unitSpans } from './fleet.ts';
import { type LifeDocument, type LifeEstimatorParts, lifeDocument, readLifeDocument } from './lifeDocument.ts';
import { featuresAt, scoreSignals } from './lifeFeatures.ts';
import { tellLife } from './lifeMember.ts';
import { fallingTrend } from './monotoneTrend.ts';
import { bandAbout } from './residualBand.ts';

/** Fewer cycles with values than this carry no trend. */
const FEWEST_CYCLES = 5;
/** The share of signals that must have values in the last cycles. */
const LEAST_SHARE_OF_SIGNALS = 0.5;
const LAST_CYCLES = 10;
/** A signal this many times further out than ever seen is not worn equipment but another unit of measure or a fault. */
const BEYOND_SEEN = 3;

export interface LifeEstimate {
  /** Cycles left, 0 to the cap; at the cap it means "at least". */
  readonly cycles: number;
  /** Between these lies the life left with the coverage that was asked for at learning. */
  readonly lower: number;
  readonly upper: number;
}

export class LifeEstimator {
  readonly #parts: LifeEstimatorParts;

  constructor(parts: LifeEstimatorParts) {
    this.#parts = parts;
  }

  toJson(): LifeDocument {
    return lifeDocument(this.#parts);
  }

  /** Reads what `toJson` wrote; `health.bad-data` where it is anything else. */
  static fromJson(json: unknown): Result<LifeEstimator> {
    const parts = readLifeDocument(json);
    return parts.ok ? success(new LifeEstimator(parts.value)) : parts;
  }

  /**
   * One estimate a unit, at its last row, in the order of the units. A unit whose data cannot carry one has a fault
   * instead: `health.too-little` for too few cycles or signals, `health.bad-data` for a signal far from all that was
   * learned. The fleet itself is refused where its columns are not those that were learned.
   */
  estimate(fleet: Fleet): Result<ReadonlyMap<number, Result<LifeEstimate>>> {
    const spans = this.#check(fleet);
    if (!spans.ok) return spans;
    const last = Int32Array.from(spans.value, ({ end }) => end - 1);
    const { columns } = featuresAt(this.#parts.features, fleet, spans.value, last);
    const { members, band, margin, cap } = this.#parts;
    const cycles = tellLife(members, columns, cap);
    const ends = bandAbout(band, cycles, margin, cap);
    const { scores } = scoreSignals(this.#parts.features, fleet);
    const estimates = new Map<number, Result<LifeEstimate>>();
    for (const [i, span] of spans.value.entries()) {
      const told = { cycles: cycles[i], lower: ends.lower[i], upper: ends.upper[i] };
      estimates.set(span.unit, this.#refuse(span, scores) ?? success(told));
    }
    return success(estimates);
  }

  /** The health index of every row, in cycles and never rising within a unit; in hindsight, later rows bear on earlier ones. */
  healthIndex(fleet: Fleet): Result<Float64Array> {
    const spans = this.#check(fleet);
    if (!spans.ok) return spans;
    const { index } = scoreSignals(this.#parts.features, fleet);
    for (const { begin, end } of spans.value) index.set(fallingTrend(index.subarray(begin, end)), begin);
    return success(index);
  }

  /** What each feature adds to what the trees, a third of the estimate, tell of each unit; largest first. */
  explain(fleet: Fleet): Result<ReadonlyMap<number, readonly { readonly feature: string; readonly cycles: number }[]>> {
    const spans = this.#check(fleet);
    if (!spans.ok) return spans;
    const last = Int32Array.from(spans.value, ({ end }) => end - 1);
    const { columns, names } = featuresAt(this.#parts.features, fleet, spans.value, last);
    const { members } = this.#parts;
    const explained = new Map<number, { feature: string; cycles: number }[]>();
    for (const [i, { unit }] of spans.value.entries()) {
      const row = Float64Array.from(columns, (column) => column[i]);
      const sums = new Float64Array(names.length);
      for (const { trees } of members)
        for (const [f, part] of trees.contributions(row).parts.entries()) sums[f] += part / members.length;
      const parts = names.map((feature, f) => ({ feature, cycles: sums[f] }));
      explained.set(
        unit,
        parts.sort((a, b) => Math.abs(b.cycles) - Math.abs(a.cycles)),
      );
    }
    return success(explained);
  }

  #check(fleet: Fleet): Result<UnitSpan[]> {
    const { signals, regimes } = this.#parts.features;
    const strange = signals.find(({ at, name }) => fleet.signalNames[at] !== name);
    if (strange)
      return failure('health.bad-data', `Signal ${strange.at} is not ${strange.name}, which it was at learning.`);
    if (fleet.settings.length !== regimes.centre.length)
      return failure('health.bad-data', `${fleet.settings.length} settings; ${regimes.centre.length} were learned.`);
    return unitSpans(fleet);
  }

  /** The reason why the last cycles of a unit carry no estimate, where there is one. */
  #refuse({ begin, end }: UnitSpan, scores: readonly Float64Array[]) {
    if (end - begin < FEWEST_CYCLES)
      return failure('health.too-little', `${end - begin} cycles; an estimate needs ${FEWEST_CYCLES}.`);
    let present = 0;
    for (const [i, { name, farthest }] of this.#parts.features.signals.entries()) {
      const last = scores[i].subarray(Math.max(begin, end - LAST_CYCLES), end).filter(Number.isFinite);
      if (last.length === 0) continue;
      present++;
      const distance = Math.abs(last.reduce((sum, score) => sum + score, 0) / last.length);
      if (distance > BEYOND_SEEN * farthest)
        return failure(
          'health.bad-data',
          `${name} is ${distance.toFixed(0)} spreads from its usual value; ${farthest.toFixed(0)} was the most ever learned.`,
        );
    }
    const all = this.#parts.features.signals.length;
    if (present < LEAST_SHARE_OF_SIGNALS * all)
      return failure(
        'health.too-little',
        `${present} of ${all} signals have values in the last ${LAST_CYCLES} cycles.`,
      );
    return undefined;
  }
}
