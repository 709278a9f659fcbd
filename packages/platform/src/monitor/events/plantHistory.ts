/** The history of attributes of the plant, and word of what is new in it. */

import type { Result } from '@tidegate/core/fault/fault.ts';
import type { SampleRun } from '../../historian/archive/sampleRun.ts';
import type { Expression } from '../../historian/query/expression/expressionNode.ts';
import type { Historian } from '../../historian/query/historian.ts';
import type { AssetId } from '../../model/assets/assetModel.ts';
import type { ModelStore } from '../../model/assets/modelStore.ts';
import { AttributeReader } from '../../model/twins/history/attributeReader.ts';
import type { AttributeHistory } from './frameDeriver.ts';
import { SampleWatch } from './sampleWatch.ts';

export interface PlantHistoryParts {
  readonly historian: Historian;
  readonly store: ModelStore;
}

export class PlantHistory implements AttributeHistory {
  readonly #reader: AttributeReader;
  readonly #watch: SampleWatch;

  constructor(parts: PlantHistoryParts) {
    this.#reader = new AttributeReader(parts);
    this.#watch = new SampleWatch(parts.historian);
  }

  calculate(asset: AssetId, expression: Expression, start: number, end: number): Promise<Result<SampleRun>> {
    return this.#reader.read(asset, expression, start, end);
  }

  attribute(asset: AssetId, attribute: string, start: number, end: number): Promise<Result<SampleRun>> {
    return this.#reader.read(asset, attribute, start, end);
  }

  /** The value of an attribute at each of `times` (µs), which ascend. Faults of a question about history. */
  at(asset: AssetId, attribute: string, times: Float64Array): Promise<Result<SampleRun>> {
    return this.#reader.at(asset, attribute, times);
  }

  watch(asset: AssetId, attributes: readonly string[], listener: (from: number) => void): () => void {
    return this.#watch.watch(() => attributes.flatMap((name) => this.#reader.tags(asset, name)), listener);
  }

  close(): void {
    this.#watch.close();
  }
}
