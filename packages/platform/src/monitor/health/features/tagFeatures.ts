/** Features of sample runs that are at hand, without a historian: the same rows as `FeatureReader` makes of the same samples. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { clipRun, EMPTY_RUN, type SampleRun } from '../../../historian/archive/sampleRun.ts';
import type { Expression } from '../../../historian/query/expression/expressionNode.ts';
import type { StoredTag } from '../../../historian/query/historianReader.ts';
import type { AssetId } from '../../../model/assets/assetModel.ts';
import {
  type AttributeExpression,
  type AttributeSources,
  expressionOfAsset,
} from '../../../model/twins/history/attributeExpression.ts';
import type { HealthWatch } from '../definition/healthWatch.ts';
import { type FeatureSource, featureRows, wholeIntervals } from './featureRows.ts';
import type { FeatureTable } from './featureTable.ts';
import { calculatedRun, heldRun } from './heldRun.ts';
import { VibrationRows } from './vibrationRows.ts';
import { watchedSignals } from './watchedSignals.ts';

/** All samples of a tag that count, with its path and the unit that they are in (UCUM). */
export interface TagRun {
  readonly path: string;
  readonly unit: string;
  readonly run: SampleRun;
}

export class TagFeatures {
  readonly #sources: AttributeSources;
  readonly #runs = new Map<string, SampleRun>();

  constructor(sources: Omit<AttributeSources, 'tagOf'>, tags: readonly TagRun[]) {
    const byPath = new Map<string, StoredTag>();
    for (const { path, unit, run } of tags) {
      byPath.set(path, tagOf(path, unit, byPath.size));
      this.#runs.set(path, run);
    }
    this.#sources = { ...sources, tagOf: (path) => byPath.get(path) };
  }

  /** As `FeatureReader.rows`. Faults: those of `expressionOfAsset` and `heldRun`. */
  rows(watch: HealthWatch, range: { readonly start: number; readonly end: number }): Result<FeatureTable> {
    const [start, end] = wholeIntervals(watch, range);
    const held: SampleRun[] = [];
    const signals = watchedSignals(watch.features);
    const features = watch.features.map(({ of, vibration }) => (vibration ? undefined : of));
    for (const of of [watch.condition, ...features, ...signals.map(({ shaft }) => shaft)]) {
      const run = of ? this.#held(watch.asset, of, start - 1, end) : success(EMPTY_RUN);
      if (!run.ok) return run;
      held.push(run.value);
    }
    const condition = watch.condition && held[0];
    const sources: FeatureSource[] = held.slice(1, 1 + features.length);
    const shafts = held.slice(1 + features.length);
    for (const [at, signal] of signals.entries()) {
      const samples = this.#samples(watch.asset, signal.of, start, end);
      if (!samples.ok) return samples;
      const span = { intervalUs: watch.intervalUs, start, end, condition, shaft: shafts[at] };
      const rows = new VibrationRows(signal.questions, span);
      rows.add(samples.value);
      for (const [question, column] of rows.build().entries()) sources[signal.features[question]] = column;
    }
    return success(featureRows(watch, { condition, features: sources }, start, end));
  }

  /** As `FeatureReader.load`. */
  load(watch: HealthWatch, attribute: string, start: number, end: number): Result<SampleRun> {
    const fatigue = watch.fatigue.find((one) => one.attribute === attribute);
    if (fatigue) return this.#held(watch.asset, fatigue.of, start, end);
    return failure('health.bad-data', `${watch.id} has no fatigue by "${attribute}".`);
  }

  #held(id: AssetId, of: Expression, start: number, end: number): Result<SampleRun> {
    const composed = this.#composed(id, of);
    if (!composed.ok) return composed;
    const runs = composed.value.tags.map(({ path }) => this.#runs.get(path) ?? EMPTY_RUN);
    return heldRun(composed.value, runs, start, end);
  }

  /** Those of one tag, as they came. */
  #samples(id: AssetId, of: Expression, start: number, end: number): Result<SampleRun> {
    const composed = this.#composed(id, of);
    if (!composed.ok) return composed;
    const { tags } = composed.value;
    const run = tags.length === 1 ? this.#runs.get(tags[0].path) : undefined;
    return success(run ? calculatedRun(composed.value, clipRun(run, start, end)) : EMPTY_RUN);
  }

  #composed(id: AssetId, of: Expression): Result<AttributeExpression> {
    const asset = this.#sources.model.assets.get(id);
    if (!asset) return failure('health.bad-data', `The model has no asset ${id}.`);
    return expressionOfAsset(this.#sources, asset, of);
  }
}

function tagOf(path: string, unit: string, index: number): StoredTag {
  const shape = { type: 'number', lane: 'analytical', description: '', stepped: true, aliases: [] } as const;
  return { ...shape, index, path, unit, id: path, number: index, gateway: '' };
}
