/** Lives of a fleet over HTTP: seals that lasted for months, and what those have left that run. */

import { afterAll, beforeAll, expect, it } from 'vitest';
import { FleetCourses, FleetDetail, FleetEstimateList, FleetList } from './contract/healthLives.ts';
import type { AnyJson, HistorianDoor } from './testbed/historianDoor.ts';
import { type LeakingSeal, openLeakingSeal } from './testbed/leakingSeal.ts';

let seal: LeakingSeal;
let door: HistorianDoor;
beforeAll(async () => {
  seal = await openLeakingSeal();
  ({ door } = seal);
});
afterAll(() => seal.stop());

const learn = async (by: string): Promise<AnyJson> => {
  const response = await door.post('/health/lives/operations', { operation: 'learn', lives: 'seal-life', by });
  return { status: response.status, ...((await response.json()) as object) };
};

it('lives are listed with what is known and what was learned', async () => {
  const list = await door.json('/health/lives');
  expect(FleetList.parse(list)).toEqual(list);
  expect(list.lives).toMatchObject([
    {
      ...{ name: 'seal-life', type: 'pump', failure: 'worn-seal', cycleDays: 1, horizonDays: 180, assets: 2 },
      ...{ counts: { failed: 4, replaced: 1, running: 2 }, learning: false, outdated: false, refused: null },
      model: { number: 1, method: 'ages', by: 'Tidegate', failures: 4, backtest: { lives: 4 } },
    },
  ]);
  expect((await door.json('/health/lives?asset=acme/p2')).lives).toHaveLength(1);
  expect((await door.json('/health/lives?asset=acme/p3')).lives).toEqual([]);
  const whole = await door.json('/health/lives/seal-life');
  expect(FleetDetail.parse(whole)).toEqual(whole);
  expect(whole).toMatchObject({
    ...{ signals: ['flow', 'leak'], settings: [], models: [{ number: 1 }] },
    members: [{ watch: 'P1/seal' }, { watch: 'acme/p2/seal' }],
    card: { method: 'ages', coverage: 0.9, lives: 7 },
  });
  expect(whole.units.slice(2, 5)).toMatchObject([
    { asset: { id: 'P1' }, number: 3, ended: 'failure', case: null },
    { asset: { id: 'P1' }, number: 4, end: null, ended: null },
    { asset: { id: 'acme/p2' }, number: 1, ended: 'replaced' },
  ]);
  expect(whole.card.weibull.shape).toBeGreaterThan(1);
});

it('lives tell what each has left, the least first, and the same beside case and watch', async () => {
  const told = await door.json('/health/lives/seal-life/estimates');
  expect(FleetEstimateList.parse(told)).toEqual(told);
  const [older, younger] = told.estimates;
  expect([older, younger]).toMatchObject([
    { asset: { path: 'acme/p2' }, number: 3, ageDays: 127, method: 'ages', quality: null, noLife: null },
    { asset: { path: 'acme/p1' }, number: 4, ageDays: 41 },
  ]);
  expect(older.life.lowDays).toBeLessThan(older.life.medianDays);
  expect(older.life.medianDays).toBeLessThan(younger.life.medianDays);
  expect(younger.life.highDays).toBeLessThanOrEqual(younger.horizonDays);
  expect((await door.json('/health/watch?watch=P1/seal')).fleet).toEqual([younger]);
  expect((await door.json('/health/case?number=1')).fleet).toEqual([younger]);
});

it('lives told by age have no courses, and say so', async () => {
  const courses = await door.json('/health/lives/seal-life/courses?asset=P1');
  expect(FleetCourses.parse(courses)).toEqual(courses);
  expect(courses).toMatchObject({ asset: { path: 'acme/p1' }, courses: [], none: expect.stringContaining('watch') });
  const refused = await door.json('/health/lives/seal-life/courses?asset=acme/p9');
  expect(refused).toMatchObject({ status: 404, code: 'asset.unknown', suggestions: ['acme/p1', 'acme/p2'] });
});

it('lives are learned anew by whoever asks, once at a time', async () => {
  const [begun, second] = await Promise.all([learn('ada'), learn('ada')]);
  expect(begun).toMatchObject({ status: 200, learning: true, model: { number: 1 } });
  expect(second).toMatchObject({ status: 429, code: 'health.learning-busy' });
  const model = async () => (await door.json('/health/lives/seal-life')).model;
  await expect.poll(model, { timeout: 20_000 }).toMatchObject({ number: 2, by: 'ada' });
  expect(await learn(' ')).toMatchObject({ status: 400, errors: [{ field: 'by' }] });
}, 30_000);

it('lives that there are not are answered with those that come near', async () => {
  for (const path of ['', '/estimates', '/courses?asset=P1']) {
    const refused = await door.json(`/health/lives/seal-live${path}`);
    expect(refused).toMatchObject({ status: 404, code: 'health.life-unknown', suggestions: ['seal-life'] });
  }
});
