/** Rows of features from the historian: the one way in which models are learned, judge, and are exported. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { EMPTY_RUN, type SampleRun } from '../../../historian/archive/sampleRun.ts';
import type { Expression } from '../../../historian/query/expression/expressionNode.ts';
import { RunBuilder } from '../../../historian/query/runBuilder.ts';
import type { HealthWatch } from '../definition/healthWatch.ts';
import { FeatureRows, type FeatureSource, wholeIntervals } from './featureRows.ts';
import type { FeatureQuestion, FeatureTable } from './featureTable.ts';
import { HeldAttributes, type HeldParts, type HeldRange, type Origin } from './heldAttributes.ts';
import { VibrationRows } from './vibrationRows.ts';
import { type WatchedSignal, watchedSignals } from './watchedSignals.ts';

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
    const signals = question.withoutVibration ? [] : watchedSignals(watch.features);
    const { knownAt } = question;
    let longestUs = LONGEST_US;
    let widthUs = Math.max(watch.intervalUs, Math.floor(US_PER_DAY / watch.intervalUs) * watch.intervalUs);
    for (let from = start; from < end; ) {
      const to = Math.min(end, from + widthUs);
      const read = await this.#read(watch, signals, { start: from, end: to, knownAt });
      if (!read.ok) {
        if (read.fault.code !== 'history.too-much' || widthUs === watch.intervalUs) return read;
        widthUs = longestUs = halved(widthUs, watch.intervalUs);
        continue;
      }
      const { condition, shafts, samples, ...held } = read.value;
      const range = { start: from, end: to, knownAt };
      const sources = await this.#withVibration(watch, signals, held.features, { ...range, condition, shafts });
      if (!sources.ok) return sources;
      rows.add(from, to, condition, sources.value);
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
    const wanted = watch.features.flatMap(({ name, of, vibration }): [string | undefined, Expression][] => [
      [name, of],
      ...(vibration?.shaft ? [[name, vibration.shaft] as [string, Expression]] : []),
    ]);
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

  /** What holds: the condition, the speeds of shafts, and the features that are no vibration. */
  async #read({ asset, condition, features }: HealthWatch, signals: readonly WatchedSignal[], range: HeldRange) {
    // What held just before the range tells whether a condition begins with it.
    const before = { ...range, start: range.start - 1 };
    let samples = 0;
    const read = async (of: Expression | undefined): Promise<Result<SampleRun>> => {
      if (!of) return success(EMPTY_RUN);
      const run = await this.#attributes.read(asset, of, before);
      if (run.ok) samples += run.value.times.length;
      return run;
    };
    const runs: SampleRun[] = [];
    const held = features.map(({ of, vibration }) => (vibration ? undefined : of));
    for (const of of [condition, ...held, ...signals.map(({ shaft }) => shaft)]) {
      const run = await read(of);
      if (!run.ok) return run;
      runs.push(run.value);
    }
    const [gate, ...others] = runs;
    const shafts = others.splice(features.length);
    return success({ condition: condition && gate, features: others, shafts, samples });
  }

  /** In the place of each feature that is a vibration what its intervals come to. */
  async #withVibration(
    { asset, intervalUs }: HealthWatch,
    signals: readonly WatchedSignal[],
    held: readonly SampleRun[],
    range: HeldRange & { readonly condition: SampleRun | undefined; readonly shafts: readonly SampleRun[] },
  ): Promise<Result<readonly FeatureSource[]>> {
    const sources: FeatureSource[] = [...held];
    for (const [at, { of, questions, features }] of signals.entries()) {
      const rows = new VibrationRows(questions, { ...range, intervalUs, shaft: range.shafts[at] });
      const scanned = await this.#attributes.scan(asset, of, range, (samples) => rows.add(samples));
      if (!scanned.ok) return scanned;
      for (const [question, column] of rows.build().entries()) sources[features[question]] = column;
    }
    return success(sources);
  }
}

function halved(widthUs: number, intervalUs: number): number {
  return Math.max(intervalUs, Math.floor(widthUs / 2 / intervalUs) * intervalUs);
}
