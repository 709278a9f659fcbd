import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ModelPlant, openModelPlant } from '../model/assets/testbed/modelPlant.ts';
import { readFitText } from '../model/twins/fit/fitText.ts';
import { TwinDiagnosis, TwinFits, WhatIf } from './contract/twinStudy.ts';
import { type AnyJson, HistorianDoor } from './testbed/historianDoor.ts';
import { importPumpHistory, PUMP_MODEL, PUMP_TRUTH } from './testbed/pumpTwin.ts';

const NOW = (Date.parse('2026-11-23T12:00:00Z') * 1_000) as Timestamp;

let door: HistorianDoor;
let plant: ModelPlant;
let fits: TwinFits;
beforeAll(async () => {
  const clock = new ManualClock(NOW);
  plant = await openModelPlant(PUMP_MODEL, { clock });
  door = await HistorianDoor.open(clock, () => ({ model: plant.store }));
  await importPumpHistory(door.historian, NOW);
  const body = { asset: 'acme/north/pump-1', start: '*-2d', end: '*-13h', by: 'anna' };
  fits = TwinFits.parse(await (await door.post('/twins/fit', body)).json());
  const texts = new Map(Object.entries({ ...PUMP_MODEL, [fits.file]: fits.text }));
  const applied = await plant.store.apply({ texts, by: 'anna', comment: 'fitted' });
  if (!applied.ok) throw new Error(applied.fault.detail);
});
afterAll(async () => {
  await door.stop();
  await plant.stop();
});

const post = async (path: string, body: object): Promise<AnyJson> => (await door.post(path, body)).json();

describe('a fit', () => {
  it('finds what is true, and gives the text of the file that keeps it', () => {
    expect(fits).toMatchObject({ file: 'twins/pump.fit.yaml', confidence: 0.95, intervalUs: 120e6 });
    const [{ asset, parameters, residuals, refused }] = fits.fits;
    expect({ asset, refused }).toEqual({ asset: 'acme/north/pump-1', refused: null });
    for (const { name, low, high, before } of parameters) {
      const truth = PUMP_TRUTH[name as keyof typeof PUMP_TRUTH];
      expect(low).toBeLessThan(truth);
      expect(high).toBeGreaterThan(truth);
      expect(before).toBe(name === 'idle-power' ? 5 : 0.003);
    }
    expect(residuals[0].sigma).toBeCloseTo(0.5, 1);
    const read = readFitText(fits.file, fits.text);
    expect(read.defects).toEqual([]);
    expect(read.fits!.fits[0]).toMatchObject({ asset: 'P1', by: 'anna', fittedAt: NOW });
  });

  it('of a type keeps what others have, and says why one of them has none', async () => {
    const all = TwinFits.parse(await post('/twins/fit', { type: 'pump', start: '*-2d', end: '*-13h', by: 'ben' }));
    expect(all.fits.map(({ asset, refused }) => [asset, refused === null])).toEqual([
      ['acme/north/pump-1', true],
      ['acme/north/pump-2', false],
    ]);
    expect(all.fits[0].parameters[1].before).toBeCloseTo(PUMP_TRUTH['idle-power'], 0);
    expect(all.text).toContain('by: ben');
  });

  it.each([
    [{ asset: 'acme/north/tank' }, 'twin.none'],
    [{ asset: 'acme/north/pump-2' }, 'twin.fit-refused'],
    [{ asset: 'acme/north/pump-9' }, 'asset.unknown'],
    [{}, 'request.invalid'],
    [{ asset: 'P1', modes: ['flying'] }, 'request.invalid'],
    [{ asset: 'P1', interval: '1s' }, 'history.too-much'],
  ])('of %j is refused as %s', async (asked, code) => {
    expect((await post('/twins/fit', { by: 'anna', ...asked })).code).toBe(code);
  });
});

describe('a what-if run', () => {
  it('reproduces what was recorded, within its band', async () => {
    const run = WhatIf.parse(await post('/twins/whatif', { asset: 'P1', from: '*-20h', for: '6h', interval: '1min' }));
    expect(run.times).toHaveLength(361);
    expect(run.recorded).toBe(361);
    const [power] = run.series;
    expect(power).toMatchObject({ attribute: 'power', unit: 'kW' });
    expect(power.comparison!.withinBand).toBeGreaterThan(0.9);
    expect(power.actual).toHaveLength(361);
    expect(new Set(run.modes)).toEqual(new Set(['running']));
  });

  it('goes on beyond now with what is asked for', async () => {
    const asked = {
      asset: 'P1',
      from: '*-1h',
      for: '3h',
      interval: '1min',
      changes: { flow: { set: 200 } },
      parameters: { 'idle-power': 20 },
    };
    const run = WhatIf.parse(await post('/twins/whatif', asked));
    expect(run.recorded).toBe(60);
    const [power] = run.series;
    expect(power.expected[180]).toBeLessThan(power.unchanged[180]!);
    expect(power.high[180]! - power.low[180]!).toBeGreaterThan(1.5);
    expect(run.assumptions.join()).toContain('stay as they were last');
  });

  it.each([
    [{ asset: 'acme/north/tank' }, 'twin.none'],
    [{ changes: { flo: { set: 1 } } }, 'twin.whatif-refused'],
    [{ parameters: { k: 1 } }, 'twin.whatif-refused'],
    [{ from: '*+1h' }, 'request.invalid'],
    [{ for: 'long' }, 'request.invalid'],
    [{ changes: { flow: { set: 1, add: 2 } } }, 'request.invalid'],
  ])('of %j is refused as %s', async (asked, code) => {
    expect((await post('/twins/whatif', { asset: 'P1', ...asked })).code).toBe(code);
  });
});

it('a diagnosis names the instrument, how far it is off, and since when', async () => {
  const found = TwinDiagnosis.parse(await door.json('/twins/P1/diagnosis?start=*-1d&interval=1min'));
  expect(found.verdict).toBe('sensor');
  expect(found.text).toMatch(
    /^Flow reads about 2\d(\.\d+)? \(± \d\.?\d*\) m3\/h too high, since about 2026-11-2[23]T\d\d:\d\dZ; the other residuals fit/,
  );
  expect(found.causes[0].since / 1e6).toBeGreaterThan(NOW / 1e6 - 13 * 3_600);
  expect(found.causes[0].since / 1e6).toBeLessThan(NOW / 1e6 - 11 * 3_600);
  const before = TwinDiagnosis.parse(await door.json('/twins/P1/diagnosis?start=*-2d&end=*-13h'));
  expect(before).toMatchObject({ verdict: 'sound', causes: [] });
});
