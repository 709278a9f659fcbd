/** What an attribute was: calculated from samples, by the version of the model that held at each time. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { SampleRun } from '../../../historian/archive/sampleRun.ts';
import { lowerBound } from '../../../historian/archive/sampleRun.ts';
import { RunBuilder } from '../../../historian/query/runBuilder.ts';
import type { ModelStore } from '../../../model/assets/modelStore.ts';
import type { AttributeReader } from '../../../model/twins/history/attributeReader.ts';
import type { AttributeHistoryQuery } from '../../contract/historyQuestion.ts';
import { type ColumnAnswer, sampleColumns } from '../../encoding/columns/columnAnswer.ts';
import type { NorthboundHistorian } from '../../encoding/northboundHistorian.ts';
import { lookUpAsset, modelAt } from '../assets/assetRead.ts';
import { boundariesOf, knownAtOf, rangeOf } from '../history/moments.ts';
import { nearestNames } from '../nearestNames.ts';
import { answer, type Outcome, refusal } from '../outcome.ts';

export interface AttributeHistoryParts {
  readonly historian: NorthboundHistorian;
  readonly store: ModelStore | undefined;
  readonly reader: AttributeReader | undefined;
}

/** More values than this are not given at once. */
const MAX_VALUES = 200_000;

/** The asset is found by the model that holds now, and is the same one, by its id, in every version before. */
export async function readAttributeHistory(
  { historian, store, reader }: AttributeHistoryParts,
  name: { readonly asset: string; readonly attribute: string },
  query: AttributeHistoryQuery,
  now: Timestamp,
): Promise<Outcome<ColumnAnswer>> {
  const current = await modelAt(store, undefined, now);
  if (!current.ok) return current;
  const asset = lookUpAsset(current.value, name.asset);
  if (!asset.ok) return asset;
  const range = rangeOf(query, now);
  if (!range.ok) return range;
  const knownAt = knownAtOf(query, now);
  if (!knownAt.ok) return knownAt;
  const grid = query.interval === undefined ? undefined : boundariesOf(range.value, query.interval, query.timeZone);
  if (grid && !grid.ok) return grid;
  const periods = await reader!.periods(asset.value.id, name.attribute, range.value.start, range.value.end);
  if (!periods.ok) return { ...periods, extras: {} };
  const runs = new RunBuilder();
  const [tags, versions] = [new Set<string>(), new Set<number>()];
  for (const { version, start, end, composed } of periods.value) {
    versions.add(version);
    for (const { path } of composed.tags) tags.add(path);
    const at = grid ? within(grid.value.subarray(0, -1), start, end) : { start, end };
    const { maps, ...calculation } = composed;
    const part = await historian.queries.calculated({ calculation, maps, knownAt: knownAt.value, at });
    if (!part.ok) return { ...part, extras: {} };
    runs.add(part.value);
  }
  if (periods.value.length === 0) {
    const suggestions = nearestNames(name.attribute, [...asset.value.attributes.keys()]);
    const detail = `${asset.value.path} has no attribute "${name.attribute}", and had none in that time.`;
    return refusal('attribute.unknown', detail, { suggestions });
  }
  const run = runs.build();
  if (run.times.length > MAX_VALUES) {
    const detail = `There are ${run.times.length} values, and one answer holds ${MAX_VALUES}; ask for an interval.`;
    return refusal('history.too-much', detail);
  }
  const path = `${asset.value.path}/${name.attribute}`;
  const unit = asset.value.attributes.get(name.attribute)?.unit ?? '';
  return answer(answerOf(range.value, { path, unit, versions: [...versions], tags: [...tags] }, run));
}

function answerOf(
  range: { readonly start: Timestamp; readonly end: Timestamp },
  facts: { readonly path: string } & Readonly<Record<string, unknown>>,
  run: SampleRun,
): ColumnAnswer {
  const labels = [{ name: 'path', value: facts.path }];
  const series = [{ facts, labels, rows: run.times.length, columns: sampleColumns(run) }];
  return { ...range, series, next: null, warnings: [] };
}

function within(times: Float64Array, start: number, end: number): Float64Array {
  return times.subarray(lowerBound(times, start), lowerBound(times, end));
}
