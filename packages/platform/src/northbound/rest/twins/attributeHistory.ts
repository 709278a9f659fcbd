/** What an attribute was: calculated from samples, by the version of the model that held at each time. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { SampleRun } from '../../../historian/archive/sampleRun.ts';
import { lowerBound } from '../../../historian/archive/sampleRun.ts';
import type { StoredTag } from '../../../historian/query/historianReader.ts';
import { RunBuilder } from '../../../historian/query/runBuilder.ts';
import type { AppliedModel, ModelStore } from '../../../model/assets/modelStore.ts';
import { TagNames } from '../../../model/assets/tagNames.ts';
import { attributeExpression } from '../../../model/twins/history/attributeExpression.ts';
import { loadTwins } from '../../../model/twins/loadTwins.ts';
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
}

/** More values than this are not given at once. */
const MAX_VALUES = 200_000;

interface Stretch {
  readonly applied: AppliedModel;
  readonly start: number;
  readonly end: number;
}

/** The asset is found by the model that holds now, and is the same one, by its id, in every version before. */
export async function readAttributeHistory(
  { historian, store }: AttributeHistoryParts,
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
  const stretches = await stretchesOf(store!, range.value.start, range.value.end);
  if (!stretches.ok) return stretches;
  const runs = new RunBuilder();
  const [tags, versions] = [new Set<string>(), new Set<number>()];
  let isKnown = false;
  for (const { applied, start, end } of stretches.value) {
    const composed = composedIn(applied, historian.tags(), asset.value.id, name.attribute);
    if (!composed) continue;
    if (!composed.ok) return { ...composed, extras: {} };
    isKnown = true;
    versions.add(applied.version.number);
    for (const { path } of composed.value.tags) tags.add(path);
    const at = grid ? within(grid.value.subarray(0, -1), start, end) : { start, end };
    const { maps, ...calculation } = composed.value;
    const part = await historian.queries.calculated({ calculation, maps, knownAt: knownAt.value, at });
    if (!part.ok) return { ...part, extras: {} };
    runs.add(part.value);
  }
  if (!isKnown) {
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

async function stretchesOf(store: ModelStore, start: Timestamp, end: Timestamp): Promise<Outcome<Stretch[]>> {
  const stretches: Stretch[] = [];
  for (const period of store.periods(start, end)) {
    const applied = await store.version(period.version.number);
    if (!applied.ok) return { ...applied, extras: {} };
    stretches.push({ applied: applied.value, start: period.start, end: period.end });
  }
  return answer(stretches);
}

function composedIn(applied: AppliedModel, tags: readonly StoredTag[], assetId: string, attribute: string) {
  const asset = applied.model.assets.get(assetId);
  if (!asset) return undefined;
  const names = new TagNames({ tags: () => tags, tagRevision: 0 });
  const { twins } = loadTwins(applied.texts, applied.model);
  const { model, lookup } = applied;
  return attributeExpression({ model, lookup, twins, tagOf: (path) => names.find(path) }, asset, attribute);
}

function within(times: Float64Array, start: number, end: number): Float64Array {
  return times.subarray(lowerBound(times, start), lowerBound(times, end));
}
