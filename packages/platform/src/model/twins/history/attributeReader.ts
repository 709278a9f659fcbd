/** What attributes were, and expressions over them: calculated from samples, by the version of the model that held at each time. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { type Result, success } from '@tidegate/core/fault/fault.ts';
import { lowerBound, type SampleRun } from '../../../historian/archive/sampleRun.ts';
import type { StoredTag } from '../../../historian/query/historianReader.ts';
import type { HistoryQueries } from '../../../historian/query/historyQueries.ts';
import { RunBuilder } from '../../../historian/query/runBuilder.ts';
import type { AssetId } from '../../assets/assetModel.ts';
import type { AppliedModel, ModelStore } from '../../assets/modelStore.ts';
import { type NamedTags, TagNames } from '../../assets/tagNames.ts';
import { AttributeComposer, type Wanted } from './attributeComposer.ts';
import type { AttributeExpression } from './attributeExpression.ts';

export interface AttributeReaderParts {
  readonly historian: NamedTags & { readonly queries: Pick<HistoryQueries, 'calculated'> };
  readonly store: Pick<ModelStore, 'current' | 'periods' | 'version'>;
}

/** What was wanted as one version of the model had it, in the part of the range in which that version held. */
export interface ComposedPeriod {
  readonly version: number;
  readonly start: Timestamp;
  readonly end: Timestamp;
  readonly composed: AttributeExpression;
}

/** Times that are calculated at once: all samples between them are in memory then. */
const PIECE = 1_000;

export class AttributeReader {
  readonly #parts: AttributeReaderParts;
  readonly #names: TagNames;
  readonly #composer = new AttributeComposer();

  constructor(parts: AttributeReaderParts) {
    this.#parts = parts;
    this.#names = new TagNames(parts.historian);
  }

  /**
   * In order of time, without versions in which the asset or the attribute was not there. Faults: those of `ModelStore.version`
   * and of `attributeExpression`.
   */
  async periods(
    asset: AssetId,
    wanted: Wanted,
    start: number,
    end: number,
  ): Promise<Result<readonly ComposedPeriod[]>> {
    const periods: ComposedPeriod[] = [];
    for (const period of this.#parts.store.periods(start as Timestamp, end as Timestamp)) {
      const version = period.version.number;
      const applied = await this.#parts.store.version(version);
      if (!applied.ok) return applied;
      const composed = this.#compose(applied.value, asset, wanted);
      if (composed && !composed.ok) return composed;
      if (composed) periods.push({ version, start: period.start, end: period.end, composed: composed.value });
    }
    return success(periods);
  }

  /**
   * A row at the start of each period, and wherever one of the tags has a sample in `start <= time < end` (µs). Faults: those of
   * `periods`, and `history.too-much`.
   */
  async read(asset: AssetId, wanted: Wanted, start: number, end: number): Promise<Result<SampleRun>> {
    const periods = await this.periods(asset, wanted, start, end);
    if (!periods.ok) return periods;
    const runs = new RunBuilder();
    for (const { composed, ...period } of periods.value) {
      const { maps, ...calculation } = composed;
      const { queries } = this.#parts.historian;
      const changes = await queries.calculated({ calculation, maps, at: period });
      if (!changes.ok) return changes;
      if (changes.value.times[0] !== period.start) {
        const first = await queries.calculated({ calculation, maps, at: Float64Array.of(period.start) });
        if (!first.ok) return first;
        runs.add(first.value);
      }
      runs.add(changes.value);
    }
    return success(runs.build());
  }

  /** The value at each of `times`, which ascend; none at a time at which no version had it. Faults: those of `periods`. */
  async at(asset: AssetId, wanted: Wanted, times: Float64Array): Promise<Result<SampleRun>> {
    const end = (times.at(-1) ?? 0) + 1;
    const periods = await this.periods(asset, wanted, times[0] ?? 0, end);
    if (!periods.ok) return periods;
    const runs = new RunBuilder();
    for (const { composed, ...period } of periods.value) {
      const { maps, ...calculation } = composed;
      const own = times.subarray(lowerBound(times, period.start), lowerBound(times, period.end));
      for (let from = 0; from < own.length; from += PIECE) {
        const piece = own.subarray(from, from + PIECE);
        const part = await this.#parts.historian.queries.calculated({ calculation, maps, at: piece });
        if (!part.ok) return part;
        runs.add(part.value);
      }
    }
    return success(runs.build());
  }

  /** The tags that it comes from as the model holds now; none where it cannot be calculated. */
  tags(asset: AssetId, wanted: Wanted): readonly StoredTag[] {
    return this.current(asset, wanted)?.tags ?? [];
  }

  /** As the model holds now; `undefined` where it cannot be calculated. */
  current(asset: AssetId, wanted: Wanted): AttributeExpression | undefined {
    const current = this.#parts.store.current();
    const composed = current && this.#compose(current, asset, wanted);
    return composed?.ok ? composed.value : undefined;
  }

  #compose(applied: AppliedModel, id: AssetId, wanted: Wanted): Result<AttributeExpression> | undefined {
    return this.#composer.compose(applied, id, wanted, (path) => this.#names.find(path));
  }
}
