/**
 * What each interval of a vibration comes to: for each question the mean over the even stretches in it, weighted with their samples.
 * Only samples at which the condition holds count; a stretch ends where the interval or the condition does, where a sample
 * cannot be reckoned with, and where there is a gap.
 *
 * The quality is the share of the samples that are good and in a stretch of which the question could be answered: what is
 * uneven, too short for it, or goes with a speed that nobody knows is in none. Nothing is put in between samples.
 */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { EvenStretches, type FoundStretch } from '@tidegate/health/signal/evenStretches.ts';
import { VibrationAnalysis } from '@tidegate/health/signal/vibrationAnalysis.ts';
import { needsShaft, type VibrationQuestion } from '@tidegate/health/signal/vibrationMeasure.ts';
import type { SampleRun } from '../../../historian/archive/sampleRun.ts';
import { HeldCursor } from './heldCursor.ts';

const NEVER_USABLE = 'No sample of it can be reckoned with.';

/** A feature, interval by interval of a range. */
export interface VibrationColumn {
  /** NaN where there is none. */
  readonly values: Float64Array;
  /** 0 to 1. */
  readonly quality: Float64Array;
  /** Why an interval that has samples has no value; of the last one, `undefined` where all have one. */
  readonly lack: string | undefined;
}

export interface VibrationRange {
  readonly intervalUs: number;
  /** Whole intervals, `start <= time < end` (µs). */
  readonly start: number;
  readonly end: number;
  /** It holds where it is other than 0; `undefined` where it always does. */
  readonly condition: SampleRun | undefined;
  /** The speed of the shaft in Hz, which holds until the next. */
  readonly shaft: SampleRun | undefined;
}

export class VibrationRows {
  readonly #questions: readonly VibrationQuestion[];
  readonly #range: VibrationRange;
  readonly #condition: HeldCursor | undefined;
  readonly #shaft: HeldCursor | undefined;
  readonly #stretches = new EvenStretches((found) => this.#take(found));
  readonly #sums: readonly AnswerSums[];
  /** Of each interval: how many samples came within the condition. */
  readonly #samples: Float64Array;
  #interval = -1;
  #counts = false;
  #isGood = true;
  /** Until here (µs) neither the interval nor the condition changes. */
  #until = Number.NEGATIVE_INFINITY;

  constructor(questions: readonly VibrationQuestion[], range: VibrationRange) {
    const { start, end, intervalUs, condition, shaft } = range;
    const count = Math.max(0, Math.round((end - start) / intervalUs));
    this.#questions = questions;
    this.#range = range;
    this.#condition = condition && new HeldCursor(condition);
    this.#shaft = shaft && questions.some(({ measure }) => needsShaft(measure)) ? new HeldCursor(shaft) : undefined;
    this.#samples = new Float64Array(count);
    this.#sums = questions.map(() => ({
      values: new Float64Array(count),
      samples: new Float64Array(count),
      good: new Float64Array(count),
      lack: NEVER_USABLE,
    }));
  }

  /** Samples of the range in order of time, after those before. */
  add({ times, values, kinds, statuses }: SampleRun): void {
    for (let row = 0; row < times.length; row++) {
      const time = times[row];
      if (time >= this.#until) this.#turn(time);
      if (!this.#counts) continue;
      this.#samples[this.#interval]++;
      const isGood = statuses[row] < STATUS.Uncertain;
      const isUsable = kinds[row] === ValueKind.number && statuses[row] < STATUS.Bad && Number.isFinite(values[row]);
      if (!isUsable || isGood !== this.#isGood) this.#stretches.cut();
      if (!isUsable) continue;
      this.#isGood = isGood;
      this.#stretches.add(time, values[row]);
    }
  }

  /** In the order of the questions. */
  build(): readonly VibrationColumn[] {
    this.#stretches.cut();
    return this.#sums.map(({ values, samples, good, lack }) => ({
      values: values.map((sum, at) => sum / samples[at]),
      quality: good.map((count, at) => (this.#samples[at] === 0 ? 0 : count / this.#samples[at])),
      lack: samples.some((count, at) => count === 0 && this.#samples[at] > 0) ? lack : undefined,
    }));
  }

  #turn(time: number): void {
    const { start, intervalUs } = this.#range;
    const interval = Math.floor((time - start) / intervalUs);
    const condition = this.#condition;
    condition?.seek(time);
    const counts = !condition || (condition.value !== 0 && !Number.isNaN(condition.value));
    if (interval !== this.#interval || counts !== this.#counts) this.#stretches.cut();
    this.#interval = interval;
    this.#counts = counts;
    this.#until = Math.min(start + (interval + 1) * intervalUs, condition ? condition.end : Number.POSITIVE_INFINITY);
  }

  #take({ stretch, times, fresh }: FoundStretch): void {
    if (!stretch.ok) {
      for (const sums of this.#sums) sums.lack = stretch.fault.detail;
      return;
    }
    const shaft = this.#shaft && speedsAt(this.#shaft, times);
    const analysis = new VibrationAnalysis(stretch.value, shaft?.speedHz);
    const interval = this.#interval;
    for (const [at, question] of this.#questions.entries()) {
      const answer = analysis.answer(question);
      const { values, samples, good } = this.#sums[at];
      if (!answer.ok) {
        this.#sums[at].lack = answer.fault.detail;
        continue;
      }
      values[interval] += answer.value * fresh;
      samples[interval] += fresh;
      const isSpeedGood = !needsShaft(question.measure) || shaft?.isGood === true;
      if (this.#isGood && isSpeedGood) good[interval] += fresh;
    }
  }
}

/** Of each interval. */
interface AnswerSums {
  /** Of answers, times samples. */
  readonly values: Float64Array;
  /** How many samples were in stretches with an answer, and how many of them were good. */
  readonly samples: Float64Array;
  readonly good: Float64Array;
  /** Why the last stretch without an answer had none. */
  lack: string | undefined;
}

function speedsAt(
  shaft: HeldCursor,
  times: Float64Array,
): { readonly speedHz: Float64Array; readonly isGood: boolean } {
  const speedHz = new Float64Array(times.length);
  let isGood = true;
  let until = Number.NEGATIVE_INFINITY;
  let speed = Number.NaN;
  for (const [at, time] of times.entries()) {
    if (time >= until) {
      shaft.seek(time);
      speed = shaft.value;
      until = shaft.end;
      isGood &&= shaft.isGood;
    }
    speedHz[at] = speed;
  }
  return { speedHz, isGood };
}
