/** The twin of the station's compressor against the simulated station, whose faults are known and which was written without it. */

import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { type Result, success } from '@tidegate/core/fault/fault.ts';
import type { SampleRun } from '@tidegate/platform/historian/archive/sampleRun.ts';
import { AssetLookup } from '@tidegate/platform/model/assets/assetLookup.ts';
import { loadAssetModel } from '@tidegate/platform/model/assets/loadAssetModel.ts';
import { diagnose } from '@tidegate/platform/model/twins/diagnosis/diagnose.ts';
import { fitTwin } from '@tidegate/platform/model/twins/fit/fitTwin.ts';
import { loadTwins } from '@tidegate/platform/model/twins/loadTwins.ts';
import { attributesOf, constantColumn, type TwinHistory } from '@tidegate/platform/model/twins/replay/twinHistory.ts';
import { readTwinHistory } from '@tidegate/platform/model/twins/study/twinHistoryReader.ts';
import { measuredOf, twinOfAsset } from '@tidegate/platform/model/twins/study/twinOfAsset.ts';
import { whatIf } from '@tidegate/platform/model/twins/whatif/whatIf.ts';
import { expect, it } from 'vitest';
import { simulateStation } from '../apps/plant/src/station/simulateStation.ts';

const MODEL = path.join(import.meta.dirname, '../examples/station/model');
const texts = new Map(
  globSync('**/*.{yaml,csv}', { cwd: MODEL }).map((file) => [file, readFileSync(path.join(MODEL, file), 'utf8')]),
);
const { model } = await loadAssetModel(texts);
const lookup = new AssetLookup(model.assets);
const compressor = lookup.asset('acme/north/compression/train-1/compressor')!;
const { template, parameters } = twinOfAsset(loadTwins(texts, model).twins, model, compressor)!;

const DAY_S = 86_400;
const DAY_US = DAY_S * 1e6;
const STEP_S = 120;
const SIGNALS = ['discharge-temperature', 'discharge-pressure', 'suction-temperature', 'suction-pressure', 'flow']
  .map((name) => `acme/north/compression/train-1/compressor/${name}`)
  .concat('acme/north/compression/train-1/driver/speed');
type Fault = NonNullable<Parameters<typeof simulateStation>[0]['faults']>[number];

async function historyOf(seed: number, days: number, ...faults: readonly Fault[]): Promise<TwinHistory> {
  const blocks = [...simulateStation({ seed, days, faults, stepSeconds: STEP_S, signals: SIGNALS })];
  const times = Float64Array.from(blocks.flatMap((block) => [...block.times]));
  const at = async (asset: string, attribute: unknown): Promise<Result<SampleRun>> => {
    const { source } = model.assets.get(asset)!.attributes.get(String(attribute))!;
    if (source.kind === 'constant') return success(constantColumn(times, Number(source.value)));
    const path = source.kind === 'tag' ? source.path : '';
    const values = Float64Array.from(blocks.flatMap((block) => [...block.columns.get(path)!.values]));
    return success({ ...constantColumn(times, 0), values });
  };
  const read = await readTwinHistory({ reader: { at }, lookup }, compressor, attributesOf(template), times);
  if (!read.ok) throw new Error(read.fault.detail);
  return read.value;
}

const clean = await historyOf(7, 6);
const range = { start: 0 as Timestamp, end: (clean.times[0] + 5 * DAY_US) as Timestamp };
const fitted = fitTwin({
  ...{ template, asset: compressor.id, parameters, history: clean, ...range },
  ...{ robust: false, now: range.end, by: 'test' },
});
if (!fitted.ok) throw new Error(fitted.fault.detail);
const { fit } = fitted.value;
const values = new Map([...parameters, ...[...fit.parameters].map(([name, { value }]) => [name, value] as const)]);

function judge(history: TwinHistory) {
  const measured = measuredOf(lookup, compressor, history.attributes.keys());
  const start = (history.times[0] + DAY_US) as Timestamp;
  const end = Number.MAX_SAFE_INTEGER as Timestamp;
  const result = diagnose({ template, fit, parameters: values, history, start, end, measured });
  if (!result.ok) throw new Error(result.fault.detail);
  return result.value;
}

it('reproduces a day that the fit had not seen, within its band', () => {
  const run = whatIf({
    ...{ template, fit, parameters: values, history: clean, from: range.end },
    ...{ recordedUntil: Number.MAX_SAFE_INTEGER as Timestamp, changes: new Map(), changedParameters: new Map() },
  });
  if (!run.ok) throw new Error(run.fault.detail);
  for (const { comparison } of run.value.series) {
    expect(comparison!.count).toBeGreaterThan(700);
    expect(comparison!.withinBand).toBeGreaterThan(0.9);
  }
});

it('fouling of 3 % is a change of the machine, and more than 10 times the noise of its residuals', async () => {
  const target = 'compression/train-1/compressor';
  const history = await historyOf(11, 4, { kind: 'fouling', target, atS: 2.5 * DAY_S, size: 3, overS: 0 });
  const { verdict, causes, residuals } = judge(history);
  expect(verdict).toBe('machine');
  const [efficiency] = causes[0].parts;
  expect(efficiency.name).toBe('best-efficiency');
  expect(efficiency.size / efficiency.reference!).toBeCloseTo(-0.03, 2);
  for (const { mean, noise } of residuals) expect(Math.abs(mean / noise)).toBeGreaterThan(10);
});

it.each([
  ['discharge-temperature', 2],
  ['suction-temperature', 2],
  ['discharge-pressure', 60],
  ['suction-pressure', 60],
  ['flow', 300],
])('a drift of %s by %f is that of the instrument', async (name, size) => {
  const target = `compression/train-1/compressor/${name}`;
  const history = await historyOf(11, 4, { kind: 'sensor-drift', target, atS: 2 * DAY_S, size, overS: 2 * DAY_S });
  const { verdict, causes, text } = judge(history);
  expect(`${verdict}: ${text.toLowerCase()}`).toContain(`sensor: ${name} reads about`);
  expect(causes[0].parts[0].size / size).toBeCloseTo(1, 1);
});

it.each([8, 9, 10])('a sound machine gets no diagnosis, seed %i', async (seed) => {
  expect(judge(await historyOf(seed, 3)).verdict).toBe('sound');
});
