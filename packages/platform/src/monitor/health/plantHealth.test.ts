import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Historian } from '../../historian/query/historian.ts';
import { historiansOf, mustSucceed } from '../../historian/query/testbed/historians.ts';
import { runOf } from '../../historian/query/testbed/sampleRuns.ts';
import { type ModelPlant, openModelPlant } from '../../model/assets/testbed/modelPlant.ts';
import { PlantHealth } from './plantHealth.ts';
import { DAY, noise, START, samples } from './scoring/testbed/healthPlant.ts';

const WATCH = 'acme/p2/seal';
/** Of a pump without an id; its tag is named, wherever it stands. */
const filesOf = (asset: string) =>
  new Map([
    ['types/pump.yaml', 'types: [{ type: pump, version: 1, attributes: { flow: { unit: m3/h } } }]\n'],
    [
      'assets/acme.yaml',
      `assets:\n  - { path: acme, level: site }\n  - ${asset}type: pump, attributes: { flow: { tag: acme/p2/flow } } }\n`,
    ],
    ['health/pump.yaml', 'health: [{ type: pump, name: seal, learn: 4d, features: { flow: { attribute: flow } } }]\n'],
  ]);

let cleanUps: (() => Promise<void>)[] = [];
const { makeDirectory, openHistorian } = historiansOf((cleanUp) => void cleanUps.push(cleanUp));
let clock: ManualClock;
let model: ModelPlant;
let directory: string;
let historian: Historian;

beforeEach(async () => {
  clock = new ManualClock(START as Timestamp);
  model = await openModelPlant(Object.fromEntries(filesOf('{ path: acme/p2, ')), { clock });
  directory = await makeDirectory();
  historian = await openHistorian(directory, { clock });
});
afterEach(async () => {
  await model.stop();
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
  cleanUps = [];
});

function open() {
  const parts = { historian, model: model.store, orders: [], clock, events: () => undefined, zone: 'UTC' };
  return PlantHealth.open({ ...parts, dataDirectory: directory, exportDirectory: join(directory, 'exports') });
}

it.each(['health-models.sqlite', 'health-cases.sqlite'])('what people did is not begun anew: %s', async (file) => {
  await writeFile(join(directory, file), 'no database at all');
  const detail = expect.stringMatching(new RegExp(`${file}: file is not a database`));
  expect(open()).toEqual({ ok: false, fault: { code: 'archive.damaged', detail } });
  await writeFile(join(directory, file), '');
  await mustSucceed(open()).close();
});

it('a plan that takes away what a model was learned of says so; one that moves an asset with its id does not', async () => {
  const health = mustSucceed(open());
  const run = runOf(samples(0, 5, (at) => 100 + noise(at)));
  const flow = { path: 'acme/p2/flow', unit: 'm3/h', type: 'number', stepped: true, description: '', run } as const;
  mustSucceed(await historian.importSamples([flow], 'test'));
  const moved = filesOf('{ path: acme/p9, ');
  expect(mustSucceed(await model.store.plan(moved)).broken).toEqual([]);
  clock.setWallClock((START + 5 * DAY) as Timestamp);
  await health.trainer.check();
  await health.scorer.settle();
  expect(health.scorer.standing(WATCH)).toMatchObject({ state: 'scoring', model: 1 });

  const request = { by: 'test', comment: '' };
  const refused = await model.store.apply({ texts: moved, ...request });
  const detail = expect.stringContaining('"health of acme/p2/seal" listens to acme/p2/flow, and its asset is removed');
  expect(refused).toMatchObject({ ok: false, fault: { code: 'model.breaks-subscriber', detail } });
  expect(refused.plan?.changes.likelyRenames).toEqual([{ id: 'acme/p2', from: 'acme/p2', to: 'acme/p9' }]);

  const withId = filesOf('{ path: acme/p9, id: acme/p2, ');
  expect(await model.store.apply({ texts: withId, ...request })).toMatchObject({ ok: true });
  const later = runOf(samples(5, 6, (at) => 100 + noise(at)));
  mustSucceed(await historian.importSamples([{ ...flow, run: later }], 'test'));
  clock.setWallClock((START + 6 * DAY) as Timestamp);
  await health.scorer.settle();
  const paths = historian.tags().flatMap(({ path }) => (path.endsWith('/health/seal/score') ? path : []));
  expect(paths).toEqual(['acme/p2/health/seal/score', 'acme/p9/health/seal/score']);
  expect(health.watches.get(WATCH)).toMatchObject({ assetPath: 'acme/p9', formerPaths: ['acme/p2'] });
  expect(health.scorer.standing(WATCH)).toMatchObject({ state: 'scoring', model: 1, why: undefined });
  await health.close();
});
