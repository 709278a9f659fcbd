/**
 * Accounts of machines and of energy, and excursions, through the whole product: recorded rows are imported over HTTP, and what is
 * answered is held against what the rows themselves come to.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FramePage } from './contract/event.ts';
import { AccountList, EnergyAnswer, OeeAnswer } from './contract/performance.ts';
import { type AnyJson, HistorianDoor } from './testbed/historianDoor.ts';
import { type FramePlant, openFramePlant } from './testbed/plantFrames.ts';

const S = 1_000_000;
const DAY = 86_400 * S;
const { TIDEGATE_DATA } = process.env;
const EXAMPLE_DATA = fileURLToPath(new URL('../../../../examples/plant/data/', import.meta.url));

interface Series {
  readonly path: string;
  readonly stepped?: boolean;
  readonly unit?: string;
  readonly times: readonly number[];
  readonly values: readonly number[];
}

async function openPlant(files: Readonly<Record<string, string>>, now: number, series: readonly Series[]) {
  const clock = new ManualClock(now as Timestamp);
  let plant!: FramePlant;
  const door = await HistorianDoor.open(clock, async (historian, directory) => {
    plant = await openFramePlant(historian, directory, clock, new Map(Object.entries(files)));
    return { model: plant.model, frames: plant };
  });
  onTestFinished(async () => {
    await plant.close();
    await door.stop();
  });
  const imported = await door.post('/history/import', { series });
  expect(imported.status, await imported.text()).toBe(200);
  return { door, plant };
}

const textOf = (us: number) => new Date(us / 1_000).toISOString();
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** What a counter shows before each of the amounts, and behind the last. */
function counted(amounts: readonly number[]): number[] {
  const readings = [0];
  for (const amount of amounts) readings.push(readings[readings.length - 1] + amount);
  return readings;
}

describe('OEE of a shop of three machines', () => {
  const CYCLE_SECONDS = 30;
  const MODEL = {
    'types/m.yaml':
      'types:\n  - { type: machine, version: 1, attributes: { mode: { tag: "{path}/mode" }, items: { tag: "{path}/items" } } }',
    'assets/a.yaml': `assets:\n  - { path: shop, level: site }\n${[0, 1, 2].map((at) => `  - { path: shop/machine-${at}, type: machine }\n`).join('')}`,
    'frames/f.yaml': `machines:
  - type: machine
    state: mode
    states: { 1: idle, 2: execute, 3: aborted }
    categories: { idle: unplanned-stop }
    pieces: items
    idealCycle: ${CYCLE_SECONDS}s
`,
  };

  it.skipIf(!TIDEGATE_DATA).each(['0', '1', '2'])(
    'machine %s comes to what its raw rows come to (set TIDEGATE_DATA to the folder that holds sme_oee/ to run this)',
    async (machine) => {
      const file = join(TIDEGATE_DATA ?? '', 'sme_oee/company_A_labelled_subset.csv.gz');
      const [, ...lines] = gunzipSync(readFileSync(file)).toString().trim().split('\n');
      const rows = lines
        .map((line) => line.split(','))
        .filter(([, asset]) => asset === machine)
        .map(([time, , items, status]) => ({
          us: Date.parse(time) * 1_000,
          items: Number(items),
          mode: Number(status),
        }));
      const times = rows.map(({ us }) => us);
      const [start, end] = [times[0], times[times.length - 1]];
      const made = rows.slice(0, -1).map(({ items }) => items);
      const { door } = await openPlant(MODEL, end + DAY, [
        { path: `shop/machine-${machine}/mode`, stepped: true, times, values: rows.map(({ mode }) => mode) },
        { path: `shop/machine-${machine}/items`, times, values: counted(made) },
      ]);
      const query = `asset=shop/machine-${machine}&start=${textOf(start)}&end=${textOf(end)}`;
      const oee = OeeAnswer.parse(await door.json(`/performance/oee?${query}&interval=1d`));
      const spent = (mode: number, from = start, to = end) =>
        sum(
          rows.slice(0, -1).map((row, at) => {
            const held = Math.min(times[at + 1], to) - Math.max(row.us, from);
            return row.mode === mode && held > 0 ? held / S : 0;
          }),
        );
      const [manual, automatic, alarm] = [1, 2, 3].map((mode) => spent(mode));
      const planned = manual + automatic + alarm;
      expect(oee.pieces).toBeCloseTo(sum(made), 6);
      expect(oee.availability).toBeCloseTo(automatic / planned, 12);
      expect(oee.performance).toBeCloseTo((sum(made) * CYCLE_SECONDS) / automatic, 9);
      expect(oee.oee).toBeCloseTo((sum(made) * CYCLE_SECONDS) / planned, 9);
      expect(oee.losses.at(-1)?.remainingSeconds).toBeCloseTo(sum(made) * CYCLE_SECONDS, 3);
      const byState = Object.fromEntries(oee.states.map(({ state, seconds }) => [state, seconds]));
      expect(byState).toEqual({
        execute: expect.closeTo(automatic, 6),
        ...(manual > 0 && { idle: expect.closeTo(manual, 6) }),
        ...(alarm > 0 && { aborted: expect.closeTo(alarm, 6) }),
      });
      expect(oee.intervals.length).toBe(12);
      for (const day of oee.intervals) {
        expect(day.productiveSeconds).toBeCloseTo(spent(2, day.start, day.end), 6);
        expect(day.plannedSeconds).toBeCloseTo(sum([1, 2, 3].map((mode) => spent(mode, day.start, day.end))), 6);
      }
      expect(sum(oee.intervals.map(({ pieces }) => pieces))).toBeCloseTo(sum(made), 6);
      const opened = (await (await fetch(`${door.url}${oee.sources[0].history}`)).json()) as AnyJson;
      expect(opened.series[0].values).toEqual(rows.slice(0, -1).map(({ mode }) => mode));
    },
  );

  it('a shift by hand, with rejects, planned stops and a gap', async () => {
    const start = Date.parse('2026-03-02T06:00:00Z') * 1_000;
    const at = (minutes: number) => start + minutes * 60 * S;
    const files = {
      ...MODEL,
      'types/m.yaml': MODEL['types/m.yaml'].replace('items:', 'scrap: { tag: "{path}/scrap" }, items:'),
      'frames/f.yaml': MODEL['frames/f.yaml'].replace(
        '{ 1: idle, 2: execute, 3: aborted }\n    categories: { idle: unplanned-stop }',
        '{ 1: stopped, 2: execute, 3: held }\n    rejects: scrap',
      ),
    };
    const { door } = await openPlant(files, at(600), [
      { path: 'shop/machine-0/mode', stepped: true, times: [0, 60, 240, 270, 480].map(at), values: [1, 2, 3, 2, 9] },
      { path: 'shop/machine-0/items', times: [0, 60, 240, 270, 480, 540].map(at), values: [0, 0, 300, 300, 700, 700] },
      { path: 'shop/machine-0/scrap', times: [0, 480].map(at), values: [0, 70] },
    ]);
    const oee = OeeAnswer.parse(
      await door.json(`/performance/oee?asset=shop/machine-0&start=${textOf(at(0))}&end=${textOf(at(540))}`),
    );
    expect(oee).toMatchObject({ pieces: 700, rejected: 70, plannedStopSeconds: 3_600, unknownSeconds: 3_600 });
    expect(oee).toMatchObject({ plannedSeconds: 420 * 60, productiveSeconds: 390 * 60, qualityMeasured: true });
    expect(oee.oee).toBeCloseTo((630 * CYCLE_SECONDS) / (420 * 60), 9);
    expect(oee.losses.map(({ kind, what, seconds }) => [kind, what, Math.round(seconds)])).toEqual([
      ['availability', 'held', 1_800],
      ['performance', 'slower than ideal', 2_400],
      ['quality', 'rejected', 2_100],
    ]);
    expect(AccountList.parse(await door.json('/performance')).machines.map(({ asset }) => asset.path)).toContain(
      'shop/machine-0',
    );
    const refused = (await door.json('/performance/oee?asset=shop')) as AnyJson;
    expect([refused.code, refused.detail]).toEqual(['performance.unknown', expect.stringContaining('shop/machine-0')]);
  });
});

describe('energy of a steel works', () => {
  const QUARTER = 900 * S;
  const START = Date.parse('2018-01-01T00:00:00Z') * 1_000;
  const KINDS = ['Medium_Load', 'Maximum_Load'] as const;
  const LOADS = { Medium_Load: 'medium', Maximum_Load: 'high' } as const;

  async function account(csv: string, baselineRows: number) {
    const [, ...lines] = csv.trim().split('\n');
    const rows = lines.map((line) => line.trim().split(',')).map((row) => ({ used: Number(row[1]), kind: row[10] }));
    const MODEL = {
      'types/w.yaml': `types:
  - { type: works, version: 1, attributes: { energy: { tag: "{path}/energy", unit: kW.h }, medium: { tag: "{path}/medium" }, high: { tag: "{path}/high" } } }`,
      'assets/a.yaml': 'assets:\n  - { path: steel, level: site }\n  - { path: steel/works, type: works }',
      'frames/f.yaml': `energy:
  - name: electricity
    asset: steel/works
    meter: { attribute: energy }
    drivers: [{ attribute: medium, measure: average }, { attribute: high, measure: average }]
    interval: 15min
    baseline: { start: 2018-01-01T00:00:00Z, end: "${textOf(START + baselineRows * QUARTER)}" }
`,
    };
    const times = Array.from({ length: rows.length + 1 }, (_, at) => START + at * QUARTER);
    const end = times[rows.length];
    const { door } = await openPlant(MODEL, end + DAY, [
      { path: 'steel/works/energy', unit: 'kW.h', times, values: counted(rows.map(({ used }) => used)) },
      ...KINDS.map((kind) => ({
        ...{ path: `steel/works/${LOADS[kind]}`, stepped: true, times: times.slice(0, -1) },
        values: rows.map((row) => Number(row.kind === kind)),
      })),
    ]);
    const from = START + baselineRows * QUARTER;
    const query = `name=electricity&start=${textOf(from)}&end=${textOf(end)}`;
    const energy = EnergyAnswer.parse(await door.json(`/performance/energy?${query}`));
    // With one driver a kind of load, the baseline of a kind is the mean of its quarters of an hour.
    const meanOf = (kind: string) => {
      const own = rows.slice(0, baselineRows).filter((row) => row.kind === kind);
      return sum(own.map(({ used }) => used)) / own.length;
    };
    const means = new Map(['Light_Load', ...KINDS].map((kind) => [kind, meanOf(kind)]));
    const asked = rows.slice(baselineRows);
    const used = sum(asked.map((row) => row.used));
    const expected = sum(asked.map(({ kind }) => means.get(kind)!));
    const [base, ...terms] = energy.baseline.terms.map(({ coefficient }) => coefficient);
    expect(base).toBeCloseTo(means.get('Light_Load')!, 6);
    expect(terms.map((term) => base + term)).toEqual(KINDS.map((kind) => expect.closeTo(means.get(kind)!, 6)));
    expect(energy).toMatchObject({ unit: 'kW.h', intervalSeconds: 900, baseline: { intervals: baselineRows } });
    expect(energy.used).toBeCloseTo(used, 4);
    expect(energy.expected).toBeCloseTo(expected, 4);
    expect(energy.ratio).toBeCloseTo(used / expected, 9);
    expect(energy.intervals.used).toHaveLength(asked.length);
    expect(energy.intervals.used[7]).toBeCloseTo(asked[7].used, 6);
    expect(energy.intervals.cumulative.at(-1)).toBeCloseTo(used - expected, 4);
    expect(energy.perUnit).toBeCloseTo(used / asked.filter(({ kind }) => kind === KINDS[0]).length, 6);
    expect(energy.sources.map(({ path, measure }) => `${path} ${measure}`)).toEqual([
      ...['steel/works/energy increase', 'steel/works/medium average', 'steel/works/high average'],
    ]);
  }

  it('in January: two weeks against those before them', async () => {
    await account(readFileSync(join(EXAMPLE_DATA, 'steel-works-energy.csv'), 'utf8'), 14 * 96);
  });

  it.skipIf(!TIDEGATE_DATA)(
    'in a year: ten months against the first two (set TIDEGATE_DATA to the folder that holds steel_energy/ to run this)',
    async () => {
      const file = join(TIDEGATE_DATA ?? '', 'steel_energy/Steel_industry_data.csv.gz');
      await account(gunzipSync(readFileSync(file)).toString(), 59 * 96);
    },
  );

  it('a rate is summed up by time, and a counter that is made per piece', async () => {
    const at = (minutes: number) => START + minutes * 60 * S;
    const minutes = Array.from({ length: 25 }, (_, index) => index * 60);
    const files = {
      'assets/a.yaml': `assets:
  - { path: gas, level: site }
  - { path: gas/train, attributes: { fuel: { tag: gas/train/fuel, unit: m3/h }, flow: { tag: gas/train/flow, unit: m3/h } } }`,
      'frames/f.yaml': `energy:
  - name: fuel
    asset: gas/train
    meter: { attribute: fuel, measure: integral }
    drivers: [{ attribute: flow, measure: integral }]
    interval: 1h
    baseline: { start: 2018-01-01T00:00:00Z, end: 2018-01-01T12:00:00Z }`,
    };
    const flows = minutes.map((minute) => 4_000 + ((minute / 60) % 5) * 100);
    const { door } = await openPlant(files, at(2_000), [
      { path: 'gas/train/flow', unit: 'm3/h', stepped: true, times: minutes.map(at), values: flows },
      {
        path: 'gas/train/fuel',
        unit: 'm3/h',
        stepped: true,
        times: minutes.map(at),
        values: flows.map((flow) => 100 + flow / 10),
      },
    ]);
    const energy = EnergyAnswer.parse(
      await door.json(`/performance/energy?name=fuel&start=${textOf(at(720))}&end=${textOf(at(1_440))}`),
    );
    expect(energy).toMatchObject({ unit: 'm3', driverUnit: 'm3', ratio: expect.closeTo(1, 9) });
    expect(energy.used).toBeCloseTo(sum(flows.slice(12, 24).map((flow) => 100 + flow / 10)), 6);
    expect(energy.perUnit).toBeCloseTo(energy.used / sum(flows.slice(12, 24)), 9);
  });
});

describe('excursions of the recorded reactor', () => {
  it('are those that its rows have', async () => {
    const [header, ...lines] = readFileSync(join(EXAMPLE_DATA, 'tennessee-eastman-fault-13.csv'), 'utf8')
      .trim()
      .split('\n');
    const column = header.split(',').indexOf('XMEAS8');
    const levels = lines.map((line) => Number(line.split(',')[column]));
    const [STEP, LIMIT, LEAST_ROWS, BRIDGE_ROWS] = [180 * S, 76.17, 4, 3];
    const start = Date.parse('2026-01-01T00:00:00Z') * 1_000;
    const times = levels.map((_, row) => start + row * STEP);
    const files = {
      'assets/a.yaml':
        'assets:\n  - { path: tep, level: site }\n  - { path: tep/reactor, attributes: { level: { tag: tep/reactor/level, unit: "%" } } }',
      'frames/f.yaml': `frames:
  - name: high level
    kind: excursion
    asset: tep/reactor
    while: "'level' > ${LIMIT}"
    least: ${(LEAST_ROWS * STEP) / S}s
    bridge: ${(BRIDGE_ROWS * STEP) / S}s
    figures: { highest: { attribute: level, capture: maximum } }
`,
    };
    const { door, plant } = await openPlant(files, times[times.length - 1] + DAY, [
      { path: 'tep/reactor/level', unit: '%', times, values: levels },
    ]);
    expect(await plant.frames.deriver.settle()).toMatchObject({ ok: true });
    const spans: { from: number; to: number }[] = [];
    for (const [row, level] of levels.entries()) {
      if (level <= LIMIT) continue;
      const last = spans.at(-1);
      if (last && row - last.to < BRIDGE_ROWS) last.to = row + 1;
      else spans.push({ from: row, to: row + 1 });
    }
    const wanted = spans.filter(({ from, to }) => to === levels.length || to - from >= LEAST_ROWS);
    const listed = FramePage.parse(await door.json('/frames?kind=excursion&start=2026-01-01T00:00:00Z&limit=1000'));
    const frames = listed.frames.toReversed();
    expect(wanted.length).toBeGreaterThan(10);
    expect(frames.map((frame) => (frame.start - start) / STEP)).toEqual(wanted.map(({ from }) => from));
    expect(frames.map(({ end }) => end && (end - start) / STEP)).toEqual(
      wanted.map(({ to }) => (to === levels.length ? null : to)),
    );
    expect(frames[0].figures).toEqual({ highest: Math.max(...levels.slice(wanted[0].from, wanted[0].to + 1)) });
  });
});
