/** Rows of features from the historian: the one way in which models are learned, judge, and are exported. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { SampleRun } from '../../../historian/archive/sampleRun.ts';
import type { Expression } from '../../../historian/query/expression/expressionNode.ts';
import { RunBuilder } from '../../../historian/query/runBuilder.ts';
import type { HealthWatch } from '../definition/healthWatch.ts';
import { FeatureRows, wholeIntervals } from './featureRows.ts';
import type { FeatureQuestion, FeatureTable } from './featureTable.ts';
import { HeldAttributes, type HeldParts, type HeldRange, type Origin } from './heldAttributes.ts';

/** What a feature comes from for a time, and why it has no values where it has none. */
export interface FeatureOrigin extends Origin {
  /** `undefined` of the condition. */
  readonly feature: string | undefined;
}

const US_PER_DAY = 86_400e6;
/** Pieces of a range grow until they hold about so many samples, and shrink where they hold many more. */
const FEW_SAMPLES = 100_000;
const MANY_SAMPLES = 1_000_000;
const LONGEST_US = 64 * US_PER_DAY;

export class FeatureReader {
  readonly #attributes: HeldAttributes;

  constructor(parts: HeldParts) {
    this.#attributes = new HeldAttributes(parts);
  }

  /**
   * A row uses what was measured in its interval, and what held at its beginning: nothing that comes later. Of an interval that
   * is not over yet, what holds last is taken to hold to its end. Faults: `history.too-much` where one interval alone has too
   * many samples, and those of the archive and of `ModelStore.version`.
   */
  async rows(watch: HealthWatch, question: FeatureQuestion): Promise<Result<FeatureTable>> {
    const [start, end] = wholeIntervals(watch, question);
    const rows = new FeatureRows(watch, start, end);
    const { knownAt } = question;
    let longestUs = LONGEST_US;
    let widthUs = Math.max(watch.intervalUs, Math.floor(US_PER_DAY / watch.intervalUs) * watch.intervalUs);
    for (let from = start; from < end; ) {
      const to = Math.min(end, from + widthUs);
      const read = await this.#read(watch, { start: from, end: to, knownAt });
      if (!read.ok) {
        if (read.fault.code !== 'history.too-much' || widthUs === watch.intervalUs) return read;
        widthUs = longestUs = halved(widthUs, watch.intervalUs);
        continue;
      }
      const { condition, features, samples } = read.value;
      rows.add(from, to, condition, features);
      if (samples < FEW_SAMPLES) widthUs = Math.min(longestUs, widthUs * 2);
      else if (samples > MANY_SAMPLES) widthUs = halved(widthUs, watch.intervalUs);
      from = to;
    }
    return success(rows.build());
  }

  /** Of the condition and of each feature, in order of time. Faults as `rows`. */
  async origins(watch: HealthWatch, question: FeatureQuestion): Promise<Result<readonly FeatureOrigin[]>> {
    const [start, end] = wholeIntervals(watch, question);
    const range = { start, end, knownAt: question.knownAt };
    const found: FeatureOrigin[] = [];
    const wanted: [string | undefined, Expression][] = watch.features.map(({ name, of }) => [name, of]);
    if (watch.condition) wanted.unshift([undefined, watch.condition]);
    for (const [feature, of] of wanted) {
      const origins = await this.#attributes.origins(watch.asset, of, range);
      if (!origins.ok) return origins;
      for (const origin of origins.value) found.push({ feature, ...origin });
    }
    return success(found);
  }

  /**
   * The load of a fatigue of the watch, by its attribute, as a run that holds each value until the next, in the unit of the
   * fatigue; `start <= time < end` (µs). Faults: `health.bad-data` where the watch has no such fatigue, and those of `rows`.
   */
  async load(
    watch: HealthWatch,
    attribute: string,
    start: number,
    end: number,
    knownAt?: number,
  ): Promise<Result<SampleRun>> {
    const fatigue = watch.fatigue.find((one) => one.attribute === attribute);
    if (!fatigue) return failure('health.bad-data', `${watch.id} has no fatigue by "${attribute}".`);
    const runs = new RunBuilder();
    let longestUs = LONGEST_US;
    let widthUs = US_PER_DAY;
    for (let from = start; from < end; ) {
      const to = Math.min(end, from + widthUs);
      const read = await this.#attributes.read(watch.asset, fatigue.of, { start: from, end: to, knownAt });
      if (!read.ok) {
        if (read.fault.code !== 'history.too-much' || widthUs <= watch.intervalUs) return read;
        widthUs = longestUs = halved(widthUs, watch.intervalUs);
        continue;
      }
      runs.add(read.value);
      if (read.value.times.length < FEW_SAMPLES) widthUs = Math.min(longestUs, widthUs * 2);
      from = to;
    }
    return success(runs.build());
  }

  async #read({ asset, condition, features }: HealthWatch, range: HeldRange) {
    // What held just before the range tells whether a condition begins with it.
    const before = { ...range, start: range.start - 1 };
    const runs: SampleRun[] = [];
    for (const of of condition ? [condition, ...features.map((feature) => feature.of)] : features.map(({ of }) => of)) {
      const run = await this.#attributes.read(asset, of, before);
      if (!run.ok) return run;
      runs.push(run.value);
    }
    const samples = runs.reduce((sum, { times }) => sum + times.length, 0);
    const held = condition ? runs.shift() : undefined;
    return success({ condition: held, features: runs, samples });
  }
}

function halved(widthUs: number, intervalUs: number): number {
  return Math.max(intervalUs, Math.floor(widthUs / 2 / intervalUs) * intervalUs);
}
