/** Features of sample runs that are at hand, without a historian: the same rows as `FeatureReader` makes of the same samples. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { SampleRun } from '../../../historian/archive/sampleRun.ts';
import { EMPTY_RUN } from '../../../historian/archive/sampleRun.ts';
import type { Expression } from '../../../historian/query/expression/expressionNode.ts';
import type { StoredTag } from '../../../historian/query/historianReader.ts';
import type { AssetId } from '../../../model/assets/assetModel.ts';
import { type AttributeSources, expressionOfAsset } from '../../../model/twins/history/attributeExpression.ts';
import type { HealthWatch } from '../definition/healthWatch.ts';
import { featureRows, wholeIntervals } from './featureRows.ts';
import type { FeatureTable } from './featureTable.ts';
import { heldRun } from './heldRun.ts';

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
    for (const of of watch.condition ? [watch.condition, ...expressionsOf(watch)] : expressionsOf(watch)) {
      const run = this.#held(watch.asset, of, start - 1, end);
      if (!run.ok) return run;
      held.push(run.value);
    }
    const condition = watch.condition ? held.shift() : undefined;
    return success(featureRows(watch, { condition, features: held }, start, end));
  }

  /** As `FeatureReader.load`. */
  load(watch: HealthWatch, attribute: string, start: number, end: number): Result<SampleRun> {
    const fatigue = watch.fatigue.find((one) => one.attribute === attribute);
    if (fatigue) return this.#held(watch.asset, fatigue.of, start, end);
    return failure('health.bad-data', `${watch.id} has no fatigue by "${attribute}".`);
  }

  #held(id: AssetId, of: Expression, start: number, end: number): Result<SampleRun> {
    const asset = this.#sources.model.assets.get(id);
    if (!asset) return failure('health.bad-data', `The model has no asset ${id}.`);
    const composed = expressionOfAsset(this.#sources, asset, of);
    if (!composed.ok) return composed;
    const runs = composed.value.tags.map(({ path }) => this.#runs.get(path) ?? EMPTY_RUN);
    return heldRun(composed.value, runs, start, end);
  }
}

function expressionsOf({ features }: HealthWatch): readonly Expression[] {
  return features.map(({ of }) => of);
}

function tagOf(path: string, unit: string, index: number): StoredTag {
  const shape = { type: 'number', lane: 'analytical', description: '', stepped: true, aliases: [] } as const;
  return { ...shape, index, path, unit, id: path, number: index, gateway: '' };
}
