/**
 * From the samples of the simulated station to the case, by the parts that the server has: a solder joint cracks silently through
 * months of thermal cycles, and is found long before it opens. `npm run bench:health -- --sets solder` does it over twenty seeds.
 */

import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { historiansOf, mustSucceed } from '@tidegate/platform/historian/query/testbed/historians.ts';
import { runOf, type SampleRow } from '@tidegate/platform/historian/query/testbed/sampleRuns.ts';
import { openModelPlant } from '@tidegate/platform/model/assets/testbed/modelPlant.ts';
import { healthOver } from '@tidegate/platform/northbound/testbed/plantHealth.ts';
import { expect, it, onTestFinished } from 'vitest';
import { SIGNALS, SITE } from '../apps/plant/src/station/signals/signalCatalogue.ts';
import { simulateStation } from '../apps/plant/src/station/simulateStation.ts';
import { WINTER_START_S } from '../apps/plant/src/station/stationSimulation.ts';

const { makeDirectory, openHistorian } = historiansOf(onTestFinished);
const MODEL = path.join(import.meta.dirname, '../examples/station/model');
const DAY_S = 86_400;
const DAY_US = DAY_S * 1e6;
const START = WINTER_START_S * 1e6;
const SUBSTATION = 'utilities/substation';
/** Of the joint that cracks: it begins after the learning time. */
const CRACK = {
  kind: 'solder-crack',
  target: `${SUBSTATION}/power-supply-2`,
  atS: 40 * DAY_S,
  overS: 110 * DAY_S,
  size: 1,
} as const;
const MOST_DAYS = 250;
/** A sample of each signal in ten minutes. */
const MINUTES = 10;

const texts = Object.fromEntries(
  globSync('**/*.{yaml,csv}', { cwd: MODEL })
    .filter((file) => !file.startsWith('health/') || file === 'health/utilities.yaml')
    .map((file) => [file, readFileSync(path.join(MODEL, file), 'utf8')]),
);

/** What the supplies showed until the joint opened, as what is imported, and when that was (µs). */
function simulated() {
  const signals = SIGNALS.filter((signal) => signal.path.startsWith(`${SUBSTATION}/power-supply`));
  const rows = new Map(signals.map(({ path: name }) => [`${SITE}/${name}`, [] as SampleRow[]]));
  for (const { times, columns, events } of simulateStation({
    seed: 4,
    days: MOST_DAYS,
    faults: [CRACK],
    signals: [...rows.keys()],
  })) {
    for (const [name, list] of rows) {
      const { values } = columns.get(name)!;
      for (let row = 0; row < times.length; row += MINUTES) list.push([times[row], values[row]]);
    }
    const opens = events.find(({ event }) => event === 'opens');
    if (!opens) continue;
    const series = signals.map(({ path: name, unit, description }) => {
      const base = { path: `${SITE}/${name}`, unit, description, type: 'number' as const, stepped: false };
      return { ...base, run: runOf(rows.get(`${SITE}/${name}`)!) };
    });
    return { series, opens: opens.timeS * 1e6 };
  }
  throw new Error('the joint never opened');
}

it('a cracking joint is found a month before it opens, by name, and its neighbour is left alone', async () => {
  const { series, opens } = simulated();
  const clock = new ManualClock(START as Timestamp);
  const directory = await makeDirectory();
  const historian = await openHistorian(directory, { clock });
  const plant = await openModelPlant(texts, { clock });
  onTestFinished(() => plant.stop());
  mustSucceed(await historian.importSamples(series, 'test'));
  mustSucceed(await historian.seal());
  clock.setWallClock(opens as Timestamp);
  const health = healthOver(historian, plant.store, directory, clock);
  onTestFinished(() => health.close());
  await health.trainer.check();
  await health.scorer.settle();
  const cases = mustSucceed(health.cases.list({}));
  expect(cases.map(({ watch }) => watch)).toEqual([`acme/north/${SUBSTATION}/power-supply-2/output-joint`]);
  const [{ openedAt, since, reasons, severity, bring, isolations, site, number }] = cases;
  expect((opens - openedAt) / DAY_US).toBeGreaterThan(30);
  // Nobody can tell a crack that has just begun.
  expect((since - START) / DAY_US).toBeGreaterThan(35);
  expect(reasons.sentence).toMatch(
    /^Power supply 2 of the substation: the solder joint at the output terminal cracks through thermal cycling\. Contact resistance has risen since /,
  );
  expect(reasons).toMatchObject({ failure: 'solder-crack', kind: 'drift', signs: [{ feature: 'contact-resistance' }] });
  expect(reasons.fatigue[0].damage).toBeGreaterThan(0);
  expect([severity, bring.length > 0, isolations.length > 1, site?.where]).toMatchObject([
    'major',
    true,
    true,
    /Substation building/,
  ]);
  const scores = historian.tags().find(({ path: name }) => name.endsWith('power-supply-2/health/output-joint/score'));
  expect(scores).toBeDefined();

  const found = {
    outcome: 'confirmed',
    failure: 'solder-crack',
    notes: 'a crack of 240 degrees',
    repaired: true,
  } as const;
  mustSucceed(health.keeper.find(number, { ...found, photos: [], by: 'ada', at: opens, failedAt: opens }));
  mustSucceed(health.keeper.close(number, { comment: 'supply changed', by: 'ada' }));
  const normal = health.trainer.learn(health.watches.get(cases[0].watch)!, { by: 'ada' });
  expect(await normal).toMatchObject({ ok: false, fault: { code: 'health.too-little' } });
}, 60_000);
