import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { SampleValue } from '@tidegate/core/sample/sample.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { definitionOf, GatewayStream, type Row } from '../../../historian/query/testbed/gatewayStream.ts';
import { appendAll, historiansOf, mustSucceed } from '../../../historian/query/testbed/historians.ts';
import { runOf, type SampleRow, sampleRows } from '../../../historian/query/testbed/sampleRuns.ts';
import { AssetLookup } from '../../../model/assets/assetLookup.ts';
import { loadAssetModel } from '../../../model/assets/loadAssetModel.ts';
import { openModelPlant } from '../../../model/assets/testbed/modelPlant.ts';
import { loadTwins } from '../../../model/twins/loadTwins.ts';
import type { HealthWatch } from '../definition/healthWatch.ts';
import { loadHealth } from '../definition/loadHealth.ts';
import { FeatureReader } from './featureReader.ts';
import type { FeatureQuestion } from './featureTable.ts';
import { TagFeatures } from './tagFeatures.ts';

const { makeDirectory, openHistorian } = historiansOf(onTestFinished);
const S = 1_000_000;
const MIN = 60 * S;
/** A whole multiple of the interval. */
const START = 1_700_000_040 * S;

const files = (changes: Readonly<Record<string, string>> = {}) => ({
  'assets/a.yaml': `assets:
  - path: acme/pump
    attributes:
      pressure: { tag: acme/pressure, unit: kPa }
      oil: { tag: acme/oil, unit: Cel }
      air: { tag: acme/air, unit: Cel }
      state: { tag: acme/state }
`,
  'health/h.yaml': `health:
  - name: wear
    asset: acme/pump
    every: 2min
    while: "'state' == 2"
    features:
      head: { attribute: pressure, unit: bar }
      rise: { formula: "'oil' - 'air'", unit: K, measure: maximum }
    learn: 1d
    fatigue:
      joint: { attribute: oil, part: it, cause: heat, solder: { alloy: tin-lead, test: { medianCycles: 5000 } } }
`,
  ...changes,
});
const TAGS = ['pressure', 'oil', 'air', 'state'] as const;
type Tag = (typeof TAGS)[number];

/** A pump whose tags come from a gateway; samples are `[minute, value, status]`. */
async function pump(changes: Readonly<Record<string, string>> = {}, first: Partial<Record<Tag, string>> = {}) {
  const clock = new ManualClock(START as Timestamp);
  const historian = await openHistorian(await makeDirectory(), { clock });
  const plant = await openModelPlant(files(changes), { clock });
  onTestFinished(() => plant.stop());
  const stream = new GatewayStream();
  const define = (units: Partial<Record<Tag, string>> = {}) => {
    const unitOf = { pressure: 'kPa', oil: 'Cel', air: 'Cel', state: '', ...units };
    const definitions = TAGS.map((name, at) =>
      definitionOf(at, { path: `acme/${name}`, id: name, unit: unitOf[name] }),
    );
    return historian.sink.defineTags('north', definitions).then(mustSucceed);
  };
  await define(first);
  const put = (samples: Partial<Record<Tag, readonly SampleRow[]>>) => {
    const rows = Object.entries(samples).flatMap(([name, list]) =>
      list.map(([minute, value, status = 0]): Row => [TAGS.indexOf(name as Tag), START + minute * MIN, value, status]),
    );
    return appendAll(historian.sink, [stream.sealRows(rows)]);
  };
  const { texts, model } = plant.store.current()!;
  const loaded = loadHealth(texts, model);
  expect(loaded.defects).toEqual([]);
  const watch = loaded.watches.get('acme/pump/wear')!;
  const reader = new FeatureReader({ historian, store: plant.store });
  /** `minute head rise quality`, row by row. */
  const rows = async (from: number, to: number, more: Partial<FeatureQuestion> = {}) => {
    const table = mustSucceed(await reader.rows(watch, { start: START + from * MIN, end: START + to * MIN, ...more }));
    return Array.from(table.times, (time, row) =>
      [(time - START) / MIN, ...table.columns.map((column) => column[row]), table.quality[row]].join(' '),
    );
  };
  return { clock, historian, plant, define, put, reader, watch, rows };
}

const RUNNING: [number, SampleValue][] = [[0, 2]];

it('rows have values that held, in their unit, within the condition', async () => {
  const { put, rows } = await pump();
  await put({
    state: [
      [0, 2],
      [4, 0],
      [6, 2],
      [7, 0],
    ],
    pressure: [
      [0, 100],
      [1, 300],
      [2, 200],
      [6, 500],
    ],
    oil: [
      [0, 60],
      [3, 70],
    ],
    air: [
      [0, 20],
      [2, null, STATUS.BadTimeout],
      [3, 30],
    ],
  });
  expect(await rows(0, 10)).toEqual(['2 2 40 1', '4 2 40 0.5', '8 5 40 1']);
  expect(await rows(0.5, 3)).toEqual(['2 2 40 1', '4 2 40 0.5']);
});

it('a row is what was known then, and what is known now is another', async () => {
  const { clock, put, rows } = await pump();
  await put({ state: RUNNING, pressure: [[0, 100]], oil: [[0, 60]], air: [[0, 20]] });
  await clock.advance(60_000);
  const knownAt = START + MIN / 2;
  await put({ pressure: [[1, 300]] });
  expect(await rows(0, 2)).toEqual(['2 2 40 1']);
  expect(await rows(0, 2, { knownAt })).toEqual(['2 1 40 1']);
});

it('a tag whose unit has changed is read in the unit that it had', async () => {
  const { clock, define, put, rows } = await pump();
  await put({
    state: RUNNING,
    pressure: [
      [0, 100],
      [2, 300],
    ],
    oil: [[0, 60]],
    air: [[0, 20]],
  });
  await clock.advance(5 * 60_000);
  await define({ pressure: 'bar' });
  await put({ pressure: [[7, 4]] });
  // From the change until the first sample in the new unit nobody knows what the pressure is.
  expect(await rows(0, 10)).toEqual(['2 1 40 1', '4 3 40 1', '6 3 40 0.5', '8 4 40 0.5', '10 4 40 1']);
});

it('where its unit fits no more there are no values, and the reason can be asked', async () => {
  const { clock, define, put, reader, rows, watch } = await pump();
  await put({ state: RUNNING, pressure: [[0, 100]], oil: [[0, 60]], air: [[0, 20]] });
  await clock.advance(2 * 60_000);
  await define({ pressure: 'mm' });
  expect(await rows(0, 4)).toEqual(['2 1 40 1', '4 NaN 40 0']);
  const origins = mustSucceed(await reader.origins(watch, { start: START, end: START + 4 * MIN }));
  expect(origins.filter(({ lacks }) => lacks.length > 0)).toMatchObject([
    {
      feature: 'head',
      start: START + 2 * MIN,
      end: START + 4 * MIN,
      lacks: ['acme/pressure is in mm, which is no kPa'],
    },
  ]);
});

it('each time is read by the model that held then', async () => {
  const { plant, put, reader, rows, watch } = await pump();
  await put({ state: RUNNING, pressure: [[0, 100]], oil: [[0, 60]], air: [[0, 20]] });
  const texts = (text: string) => new Map(Object.entries(files({ 'assets/a.yaml': text })));
  const changed = files()['assets/a.yaml'];
  const change = async (minute: number, from: string, to: string) => {
    const effective = (START + minute * MIN) as Timestamp;
    const request = {
      texts: texts(changed.replace(from, to)),
      by: 'ada',
      comment: '',
      effective,
      acceptBreaking: true,
    };
    mustSucceed(await plant.store.apply({ ...request, acceptDefects: true }));
  };
  await change(2, 'tag: acme/pressure, unit: kPa', 'value: 7, unit: bar');
  await change(4, 'tag: acme/pressure, unit: kPa', 'tag: acme/lost, unit: kPa');
  await change(6, 'pressure: { tag: acme/pressure, unit: kPa }', 'other: { value: 3 }');
  expect(await rows(0, 8)).toEqual(['2 1 40 1', '4 7 40 1', '6 NaN 40 0', '8 NaN 40 0']);
  const origins = mustSucceed(await reader.origins(watch, { start: START, end: START + 8 * MIN }));
  const head = origins.filter(({ feature }) => feature === 'head');
  expect(head.map(({ version, lacks }) => [version, ...lacks])).toEqual([
    [1],
    [2],
    [3, 'there is no tag acme/lost'],
    [4, 'there is no attribute "pressure"'],
  ]);
});

it('before there are data a row says so', async () => {
  const { put, rows } = await pump();
  await put({ state: RUNNING });
  expect(await rows(-2, 2)).toEqual(['0 NaN NaN 0', '2 NaN NaN 0']);
});

it('a window of a condition lets go of what lies behind it, without a sample that says so', async () => {
  const text = files()['health/h.yaml'].replace(`"'state' == 2"`, `"min('state', \\"3min\\") == 2"`);
  const { put, rows } = await pump({ 'health/h.yaml': text });
  await put({
    state: [
      [-9, 2],
      [1, 0],
      [2, 2],
    ],
    pressure: [[0, 100]],
    oil: [[0, 60]],
    air: [[0, 20]],
  });
  expect((await rows(0, 8)).map((row) => row.split(' ')[0])).toEqual(['2', '6', '8']);
});

it('the load of a fatigue is a run in the unit of its law', async () => {
  const { put, reader, watch } = await pump();
  await put({
    oil: [
      [0, 60],
      [3, 70],
      [4, null, STATUS.BadTimeout],
    ],
  });
  const run = mustSucceed(await reader.load(watch, 'oil', START + MIN, START + 5 * MIN));
  expect(Array.from(run.times, (time) => (time - START) / MIN)).toEqual([1, 3, 4]);
  expect([...run.values.slice(0, 2)]).toEqual([60, 70]);
  expect(run.statuses[2]).toBe(STATUS.BadTimeout);
  expect(await reader.load(watch, 'air', START, START + MIN)).toMatchObject({ fault: { code: 'health.bad-data' } });
});

const SPAN_MIN = 12;
const pumpRows = fc.record({
  ...{ pressure: sampleRows(SPAN_MIN), oil: sampleRows(SPAN_MIN), air: sampleRows(SPAN_MIN) },
  state: sampleRows(SPAN_MIN, fc.constantFrom(0, 2)),
});

it('samples at hand give the same rows as the historian', async () => {
  const { put, reader, watch, plant } = await pump();
  const [samples] = fc.sample(pumpRows, { numRuns: 1, seed: 7 });
  await put(samples);
  const range = { start: START, end: START + SPAN_MIN * MIN };
  const made = mustSucceed(memoryFeatures(plant.store.current()!, samples).rows(watch, range));
  expect(mustSucceed(await reader.rows(watch, range))).toEqual(made);
});

it('a long range is read in pieces that grow, and its rows are those of one', async () => {
  const { put, reader, watch, plant } = await pump();
  const hours = Array.from({ length: 24 * 9 }, (_, at) => at * 60);
  const samples: Samples = {
    state: hours.map((minute, at): SampleRow => [minute, at % 5 === 0 ? 0 : 2]),
    pressure: hours.map((minute, at): SampleRow => [minute + 7, at]),
    oil: hours.map((minute, at): SampleRow => [minute + 11, 60 + (at % 7)]),
    air: [[0, 20]],
  };
  await put(samples);
  const range = { start: START, end: START + hours.length * 60 * MIN };
  const table = mustSucceed(await reader.rows(watch, range));
  expect(table.times.length).toBeGreaterThan(5_000);
  expect(table).toEqual(mustSucceed(memoryFeatures(plant.store.current()!, samples).rows(watch, range)));
});

it('a tag is read once, however often it is named', async () => {
  const formula = `formula: "'oil' - 'air' + ('oil' - 'air')"`;
  const text = files()['health/h.yaml'].replace(/formula: "[^"]*"/, formula);
  const { put, reader, rows, watch } = await pump({ 'health/h.yaml': text });
  await put({ state: RUNNING, pressure: [[0, 100]], oil: [[0, 60]], air: [[0, 20]] });
  expect(await rows(0, 2)).toEqual(['2 1 80 1']);
  const origins = mustSucceed(await reader.origins(watch, { start: START, end: START + 2 * MIN }));
  const rise = origins.find(({ feature }) => feature === 'rise');
  expect(rise?.tags.map(({ path }) => path)).toEqual(['acme/oil', 'acme/air']);
});

describe('a vibration', () => {
  const SPEEDS: readonly SampleRow[] = [
    [0, 20],
    [3, 30],
  ];
  const changes = () => ({
    'assets/a.yaml': files()['assets/a.yaml'].replace(
      'oil: { tag: acme/oil, unit: Cel }',
      'oil: { tag: acme/oil, unit: Hz }',
    ),
    'health/h.yaml': `health:
  - name: wear
    asset: acme/pump
    every: 2min
    while: "'state' == 2"
    learn: 1d
    features:
      rms: { attribute: pressure, measure: rms, unit: bar }
      once: { attribute: pressure, measure: order, order: 1, shaft: oil }
      heat: { attribute: air, unit: K }
`,
  });
  /** A second of a tone of 20 Hz and 1 kPa at the beginning of each minute, sampled 256 times. */
  const pressure = Array.from({ length: 9 }, (_, minute) =>
    Array.from({ length: 256 }, (__, at): SampleRow => {
      return [minute + Math.round((at * S) / 256) / MIN, Math.SQRT2 * Math.sin((2 * Math.PI * 20 * at) / 256)];
    }),
  ).flat();
  const samples: Samples = {
    pressure,
    oil: SPEEDS,
    air: [[0, 20]],
    state: [
      [0, 2],
      [4, 0],
      [6, 2],
    ],
  };

  it('is read in its unit, within the condition, by the speed of its shaft, as samples at hand are', async () => {
    const { put, reader, watch, plant } = await pump(changes(), { oil: 'Hz' });
    await put(samples);
    const range = { start: START, end: START + 10 * MIN };
    const table = mustSucceed(await reader.rows(watch, range));
    const round = (value: number) => Math.round(value * 1_000) / 1_000;
    expect(Array.from(table.times, (time) => (time - START) / MIN)).toEqual([2, 4, 8, 10]);
    expect(table.columns[0].map(round)).toEqual(new Float64Array(4).fill(0.01));
    // From the fourth minute on the shaft turns faster than what is heard.
    expect(table.columns[1].map(round)).toEqual(Float64Array.of(1, 0.5, 0, 0));
    expect([...table.quality]).toEqual([1, 1, 1, 1]);
    const held = memoryFeatures(plant.store.current()!, samples, { oil: 'Hz' });
    expect(mustSucceed(held.rows(watch, range))).toEqual(table);
    const without = mustSucceed(await reader.rows(watch, { ...range, withoutVibration: true }));
    expect(without.columns.map((column) => column[0])).toEqual([Number.NaN, Number.NaN, table.columns[2][0]]);
    const origins = mustSucceed(await reader.origins(watch, range));
    expect(
      origins.filter(({ feature }) => feature === 'once').flatMap(({ tags }) => tags.map(({ path }) => path)),
    ).toEqual(['acme/pressure', 'acme/oil']);
  });

  it('that comes late or uneven is known as it was, and why it has no value', async () => {
    const { clock, put, reader, watch } = await pump(changes(), { oil: 'Hz' });
    await put({ ...samples, pressure: pressure.filter((_sample, at) => at % 256 < 10) });
    const before = clock.now();
    const range = { start: START, end: START + 2 * MIN };
    const few = mustSucceed(await reader.rows(watch, range));
    expect([few.columns[0][0], few.quality[0], few.lacks?.[0]]).toEqual([Number.NaN, 0, '10 samples; 16 are needed.']);
    clock.setWallClock((before + 10 * S) as Timestamp);
    await put({ pressure: pressure.filter((_sample, at) => at % 256 >= 10) });
    expect(mustSucceed(await reader.rows(watch, range)).quality[0]).toBe(1);
    expect(mustSucceed(await reader.rows(watch, { ...range, knownAt: before + 5 * S })).quality[0]).toBe(0);
  });
});

const { model } = await loadAssetModel(new Map(Object.entries(files())));
const texts = new Map(Object.entries(files()));
const WATCH = loadHealth(texts, model).watches.get('acme/pump/wear')!;

type Samples = Partial<Record<Tag, readonly SampleRow[]>>;
function memoryFeatures(
  applied: Parameters<typeof sourcesOf>[0],
  samples: Samples,
  units: Partial<Record<string, string>> = {},
): TagFeatures {
  const tags = Object.entries(samples).map(([name, rows]) => ({
    ...{ path: `acme/${name}`, unit: units[name] ?? (name === 'pressure' ? 'kPa' : name === 'state' ? '' : 'Cel') },
    run: runOf(rows.map(([minute, value, status = 0]) => [START + minute * MIN, value, status])),
  }));
  return new TagFeatures(sourcesOf(applied), tags);
}

function sourcesOf(applied: { texts: ReadonlyMap<string, string>; model: typeof model }) {
  const { texts: own, model: its } = applied;
  return { model: its, lookup: new AssetLookup(its.assets), twins: loadTwins(own, its).twins };
}

it('samples at or behind the end of an interval change no row up to it, though features read several tags', () => {
  const rowsUpTo = (watch: HealthWatch, samples: Samples, until: number) => {
    const range = { start: START, end: START + SPAN_MIN * MIN };
    const { times, columns, quality } = mustSucceed(memoryFeatures({ texts, model }, samples).rows(watch, range));
    const count = times.filter((time) => time <= START + until * MIN).length;
    return [times, ...columns, quality].map((column) => column.slice(0, count));
  };
  const instant = fc.integer({ min: 0, max: SPAN_MIN / 2 }).map((count) => count * 2);
  fc.assert(
    fc.property(pumpRows, pumpRows, instant, (samples, others, until) => {
      const changed = Object.fromEntries(
        TAGS.map((tag) => [
          tag,
          [...samples[tag].filter(([minute]) => minute < until), ...others[tag].filter(([minute]) => minute >= until)],
        ]),
      );
      expect(rowsUpTo(WATCH, changed, until)).toEqual(rowsUpTo(WATCH, samples, until));
    }),
  );
});
