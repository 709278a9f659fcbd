/** What is watched of the example station: without a mistake, of signals that there are, and such that a cracking joint shows. */

import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { cyclesInField, TIN_LEAD } from '@tidegate/health/fatigue/solderFatigue.ts';
import { runOf } from '@tidegate/platform/historian/archive/sampleRun.ts';
import { AssetLookup } from '@tidegate/platform/model/assets/assetLookup.ts';
import { loadAssetModel } from '@tidegate/platform/model/assets/loadAssetModel.ts';
import { attributeExpression } from '@tidegate/platform/model/twins/history/attributeExpression.ts';
import { loadTwins } from '@tidegate/platform/model/twins/loadTwins.ts';
import type { HealthWatch } from '@tidegate/platform/monitor/health/definition/healthWatch.ts';
import { loadHealth } from '@tidegate/platform/monitor/health/definition/loadHealth.ts';
import { TagFeatures } from '@tidegate/platform/monitor/health/features/tagFeatures.ts';
import { expect, it } from 'vitest';
import { SIGNALS, SITE } from '../apps/plant/src/station/signals/signalCatalogue.ts';
import { type BatchOptions, simulateStation } from '../apps/plant/src/station/simulateStation.ts';

const MODEL = path.join(import.meta.dirname, '../examples/station/model');
const texts = new Map(
  globSync('**/*.{yaml,csv}', { cwd: MODEL }).map((file) => [file, readFileSync(path.join(MODEL, file), 'utf8')]),
);
const { model } = await loadAssetModel(texts);
const sources = { model, lookup: new AssetLookup(model.assets), twins: loadTwins(texts, model).twins };
const { watches, defects } = loadHealth(texts, model);
const SUPPLY = 'acme/north/utilities/substation/power-supply-1';
const TRAIN = 'acme/north/compression/train-1';
const BEARINGS = 'compression/train-1/bearings';
const JOINT = watches.get(`${SUPPLY}/output-joint`)!;

it('has no mistake, and a person knows what to do and how to get there', () => {
  expect(defects).toEqual([]);
  expect(watches.size).toBe(11);
  for (const { failures, site, features } of watches.values()) {
    expect(features.every(({ negligible, unit }) => negligible > 0 && unit !== '')).toBe(true);
    expect(site?.access).not.toBe('');
    for (const { isolations, bring, action } of failures) {
      expect([isolations.length > 0, bring.length > 0, action !== '']).toEqual([true, true, true]);
    }
  }
});

it('reads signals that the station has', () => {
  const paths = new Set(SIGNALS.map((signal) => `${SITE}/${signal.path}`));
  const asked = new Set<string>();
  for (const watch of watches.values()) {
    const asset = model.assets.get(watch.asset)!;
    const tagOf = (tag: string) => void asked.add(tag);
    const all = [watch.condition, ...watch.features.map(({ of }) => of), ...watch.fatigue.map(({ of }) => of)];
    for (const name of all.flatMap((one) => one?.tags ?? [])) {
      const own = attributeExpression({ ...sources, tagOf }, asset, name);
      const found = own ? undefined : sources.lookup.attribute(asset, name);
      if (found) attributeExpression({ ...sources, tagOf }, found.asset, found.attribute.name);
    }
  }
  expect(asked.size).toBeGreaterThan(30);
  expect([...asked].filter((tag) => !paths.has(tag))).toEqual([]);
});

const DAY_S = 86_400;
const DAYS = 6;
type Fault = NonNullable<BatchOptions['faults']>[number];

/** Rows of a watch over the last two days, where a fault grows from the beginning and stays. */
function lastRows({ id }: HealthWatch, ...faults: readonly Fault[]): readonly Float64Array[] {
  const watch = watches.get(id)!;
  const signals = SIGNALS.map((signal) => `${SITE}/${signal.path}`).filter((name) => belongs(name, watch.assetPath));
  const blocks = [...simulateStation({ seed: 3, days: DAYS, stepSeconds: 120, faults, signals })];
  const tags = signals.map((name) => ({
    path: name,
    unit: SIGNALS.find((signal) => `${SITE}/${signal.path}` === name)?.unit ?? '',
    run: runOf(
      blocks.flatMap(({ times, columns }) => {
        const { values, statuses } = columns.get(name)!;
        return Array.from(times, (time, row) => ({ time, value: values[row], status: statuses[row] }));
      }),
    ),
  }));
  const end = blocks[0].times[0] + DAYS * DAY_S * 1e6;
  const rows = new TagFeatures(sources, tags).rows(watch, { start: end - 2 * DAY_S * 1e6, end });
  if (!rows.ok) throw new Error(rows.fault.detail);
  expect(rows.value.times.length).toBeGreaterThan(100);
  return rows.value.columns;
}

/** Of the same train or supply. */
function belongs(signal: string, asset: string): boolean {
  const whole = /^acme\/north\/(?:compression\/train-\d|utilities\/substation\/power-supply-\d)/.exec(asset)?.[0];
  return whole !== undefined && signal.startsWith(`${whole}/`);
}

const meanOf = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

it.each<[failure: string, watch: string, Pick<Fault, 'kind' | 'target' | 'size'>]>([
  ['solder-crack', JOINT.id, { kind: 'solder-crack', target: 'utilities/substation/power-supply-1', size: 1 }],
  ['drive-end-bearing-wear', `${TRAIN}/bearings`, { kind: 'bearing-wear', target: `${BEARINGS}/drive-end`, size: 0.6 }],
  [
    'non-drive-end-bearing-wear',
    `${TRAIN}/bearings`,
    { kind: 'bearing-wear', target: `${BEARINGS}/non-drive-end`, size: 0.6 },
  ],
  ['fouling', `${TRAIN}/compressor/efficiency`, { kind: 'fouling', target: 'compression/train-1/compressor', size: 3 }],
  [
    'thermometer-drift',
    `${TRAIN}/compressor/efficiency`,
    { kind: 'sensor-drift', target: 'compression/train-1/compressor/discharge-temperature', size: 3 },
  ],
  ['clogging', `${TRAIN}/oil-filter`, { kind: 'filter-clogging', target: 'compression/train-1/lube-oil', size: 30 }],
])('%s shows by its signs, and by those alone that are its own', (failure, id, fault) => {
  const watch = watches.get(id)!;
  const sound = lastRows(watch);
  const sick = lastRows(watch, { ...fault, atS: 0, overS: (DAYS + 2) * DAY_S });
  const { signs } = watch.failures.find(({ name }) => name === failure)!;
  for (const [at, { name, negligible }] of watch.features.entries()) {
    const goes = signs.find(({ feature }) => feature === name)?.goes;
    const shift = meanOf(sick[at]) - meanOf(sound[at]);
    if (goes === undefined) expect([name, Math.abs(shift) < negligible]).toEqual([name, true]);
    else expect([name, (goes === 'up' ? shift : -shift) > negligible]).toEqual([name, true]);
  }
});

it('the contact resistance of a sound joint is that of its tin', () => {
  const [resistance] = lastRows(JOINT);
  expect(meanOf(resistance)).toBeCloseTo(0.0015, 4);
  expect(Math.max(...resistance)).toBeLessThan(0.0015 + 2 * JOINT.features[0].negligible);
});

it('the fatigue of the terminal is that of the physics: what a datasheet says of the test', () => {
  const { law } = JOINT.fatigue[0];
  if (law.kind !== 'solder') throw new Error('not solder');
  const cycle = { range: 100, mean: 50, from: { at: 0, value: 0 }, to: { at: 1_800e6, value: 100 } };
  expect(cyclesInField(TIN_LEAD, law.test, cycle)).toBeCloseTo(20_000, 0);
});
