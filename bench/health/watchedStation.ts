/** The simulated station with the watches of the example model over it: rows of their features, as the server makes them. */

import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import type { SampleRun } from '@tidegate/platform/historian/archive/sampleRun.ts';
import { AssetLookup } from '@tidegate/platform/model/assets/assetLookup.ts';
import { loadAssetModel } from '@tidegate/platform/model/assets/loadAssetModel.ts';
import { attributeExpression } from '@tidegate/platform/model/twins/history/attributeExpression.ts';
import { loadTwins } from '@tidegate/platform/model/twins/loadTwins.ts';
import type { HealthWatch } from '@tidegate/platform/monitor/health/definition/healthWatch.ts';
import { loadHealth } from '@tidegate/platform/monitor/health/definition/loadHealth.ts';
import type { FeatureTable } from '@tidegate/platform/monitor/health/features/featureTable.ts';
import { TagFeatures } from '@tidegate/platform/monitor/health/features/tagFeatures.ts';
import type { TruthEvent } from '../../apps/plant/src/station/faults/faultSchedule.ts';
import { SIGNALS, SITE } from '../../apps/plant/src/station/signals/signalCatalogue.ts';
import { type BatchOptions, type StationBlock, simulateStation } from '../../apps/plant/src/station/simulateStation.ts';

const MODEL = path.join(import.meta.dirname, '../../examples/station/model');
const DAY_S = 86_400;
const USUAL_STEP_S = 120;

/** What became of the station in some time. */
export interface StationPast {
  /** By the id of the watch. */
  readonly rows: ReadonlyMap<string, FeatureTable>;
  /** What truly happened. */
  readonly events: readonly TruthEvent[];
  /** µs. */
  readonly start: number;
  readonly end: number;
}

export interface WatchedStation {
  readonly watches: readonly HealthWatch[];
  /** Lives through the days, or until a joint opens where that is asked for; makes rows for these watches. */
  live(watches: readonly HealthWatch[], options: LifeOptions): StationPast;
}

/** A sample every two minutes where `stepSeconds` is left out. */
interface LifeOptions extends Omit<BatchOptions, 'signals'> {
  readonly untilOpen?: boolean;
}

export async function watchedStation(): Promise<WatchedStation> {
  const texts = new Map(
    globSync('**/*.{yaml,csv}', { cwd: MODEL }).map((file) => [file, readFileSync(path.join(MODEL, file), 'utf8')]),
  );
  const { model } = await loadAssetModel(texts);
  const sources = { model, lookup: new AssetLookup(model.assets), twins: loadTwins(texts, model).twins };
  const { watches, defects } = loadHealth(texts, model);
  if (defects.length > 0) throw new Error(`the watches of the example have mistakes: ${JSON.stringify(defects)}`);

  const signalsOf = (watch: HealthWatch): string[] => {
    const asked: string[] = [];
    const asset = model.assets.get(watch.asset)!;
    const tagOf = (tag: string) => void asked.push(tag);
    const expressions = watch.features.map(({ of }) => of).concat(watch.condition ?? []);
    for (const name of expressions.flatMap(({ tags }) => tags)) {
      const own = attributeExpression({ ...sources, tagOf }, asset, name);
      const found = own ? undefined : sources.lookup.attribute(asset, name);
      if (found) attributeExpression({ ...sources, tagOf }, found.asset, found.attribute.name);
    }
    return asked;
  };

  return {
    watches: [...watches.values()],
    live(watched, options) {
      const signals = [...new Set(watched.flatMap(signalsOf))];
      const { runs, events, start, end } = recorded(signals, options);
      const features = new TagFeatures(
        sources,
        signals.map((signal) => ({ path: signal, unit: unitOf(signal), run: runs.get(signal)! })),
      );
      const rows = new Map<string, FeatureTable>();
      for (const watch of watched) {
        const table = features.rows(watch, { start, end });
        if (!table.ok) throw new Error(`${watch.id}: ${table.fault.detail}`);
        rows.set(watch.id, table.value);
      }
      return { rows, events, start, end };
    },
  };
}

function unitOf(signal: string): string {
  return SIGNALS.find(({ path }) => `${SITE}/${path}` === signal)?.unit ?? '';
}

/** A run for each signal; the columns that all have alike are the same memory. */
function recorded(signals: readonly string[], options: LifeOptions) {
  const { stepSeconds = USUAL_STEP_S, untilOpen = false } = options;
  const most = (options.days * DAY_S) / stepSeconds;
  const times = new Float64Array(most);
  const values = signals.map(() => new Float64Array(most));
  const events: TruthEvent[] = [];
  let count = 0;
  for (const block of simulateStation({ ...options, stepSeconds, signals })) {
    times.set(block.times, count);
    for (const [i, signal] of signals.entries()) values[i].set(columnOf(block, signal), count);
    count += block.times.length;
    events.push(...block.events);
    if (untilOpen && block.events.some(({ event }) => event === 'opens')) break;
  }
  const kinds = new Uint8Array(count).fill(ValueKind.number);
  const statuses = new Uint32Array(count);
  const shared = { times: times.subarray(0, count), kinds, statuses, strings: [], isPlain: true };
  const runs = new Map<string, SampleRun>();
  for (const [i, signal] of signals.entries()) runs.set(signal, { ...shared, values: values[i].subarray(0, count) });
  return { runs, events, start: times[0], end: times[count - 1] + stepSeconds * 1e6 };
}

/** Of sensors that do not fail. */
function columnOf(block: StationBlock, signal: string): Float64Array {
  return block.columns.get(signal)!.values;
}
