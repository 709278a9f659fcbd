import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { HealthWatch } from '../definition/healthWatch.ts';
import { DAY, EVERY, FILES, HealthPlant, PUMP, START, samples } from '../scoring/testbed/healthPlant.ts';
import type { ExcludedPeriod } from './learningRows.ts';

const directory = await mkdtemp(join(tmpdir(), 'tidegate-trainer-'));
let plant: HealthPlant;
let excluded: readonly ExcludedPeriod[] = [];
let repairedAt: number | undefined;

beforeAll(async () => {
  plant = await HealthPlant.open(directory, { excluded: () => excluded, repairedAt: () => repairedAt });
  // Pumps from day 2 to day 14; the second stands still.
  await plant.operate(2, 14);
  await plant.add({ 'acme/p2/flow': samples(2, 14, () => 100), 'acme/p2/leak': samples(2, 14, () => 5) });
});
afterAll(async () => {
  await plant.close();
  await rm(directory, { recursive: true });
});

const day = (time: number) => (time - START) / DAY;
const learned = (count: number) => plant.registry.get(PUMP, count);

it('with too little it waits, and says how much there is', async () => {
  plant.at(4);
  await plant.trainer.check();
  expect(plant.registry.list(PUMP)).toEqual({ ok: true, value: [] });
  const refused = { code: 'health.too-little', detail: '2 of 4 days of normal operation are there.' };
  expect(plant.trainer.learning(PUMP)).toMatchObject({ isUnderWay: false, refused, neededUs: 4 * DAY });
  await plant.scorer.settle();
  expect(plant.state()).toMatchObject({ state: 'learning', why: refused.detail, progress: 0.5 });
});

it('is looked for again after an hour, and the first is learned once, from the first that there is', async () => {
  plant.at(7.5);
  await plant.trainer.check();
  expect(plant.registry.list(PUMP)).toMatchObject({ value: [] });
  // History may have been brought in.
  await plant.clock.advance(3_600_000);
  await plant.trainer.check();
  const model = learned(1);
  if (!model.ok) throw new Error(model.fault.detail);
  const { start, end, report, backtest, excluded: left } = model.value.card;
  expect([day(start), day(end)]).toEqual([2, 6]);
  expect(report).toMatchObject({ rows: 4 * 144, leftOut: [] });
  expect(backtest).toEqual({ rows: 4 * 144, days: 4, alarms: 0 });
  expect(left).toEqual([]);
  expect(plant.trainer.learning(PUMP)).toBeUndefined();
  await plant.clock.advance(86_400_000);
  await plant.trainer.check();
  expect(plant.registry.list(PUMP)).toMatchObject({ value: [{ number: 1 }] });
});

it('leaves out what is known not to have been normal', async () => {
  excluded = [{ start: START + 5 * DAY, end: START + 6 * DAY, reason: 'case 1: the seal leaked' }];
  const model = await plant.trainer.learn(plant.watch(), { start: START + 3 * DAY, end: START + 8 * DAY, by: 'mira' });
  excluded = [];
  const card = { excluded: [{ reason: 'case 1: the seal leaked' }], report: { rows: 4 * 144 } };
  expect(model).toMatchObject({ ok: true, value: { number: 2, state: 'shadow', by: 'mira', card } });
});

it('takes what is normal from after the last repair', async () => {
  plant.at(14);
  repairedAt = START + 9 * DAY;
  const model = await plant.trainer.learn(plant.watch(), { by: 'mira' });
  expect(model).toMatchObject({ ok: true, value: { card: { start: START + 10 * DAY - EVERY } } });
  repairedAt = START + 12 * DAY;
  const refused = await plant.trainer.learn(plant.watch(), { by: 'mira' });
  const detail = expect.stringContaining('of 4 days of normal operation are there.');
  expect(refused).toMatchObject({ ok: false, fault: { code: 'health.too-little', detail } });
  repairedAt = undefined;
});

it('learns what was known at a time', async () => {
  const request = { start: START + 2 * DAY, end: START + 8 * DAY, knownAt: START - 1, by: 'mira' };
  expect(await plant.trainer.learn(plant.watch(), request)).toMatchObject({ ok: false });
});

it('one of a watch at a time', async () => {
  const request = { start: START + 3 * DAY, end: START + 7 * DAY, by: 'mira' };
  const [first, second] = await Promise.all([1, 2].map(() => plant.trainer.learn(plant.watch(), request)));
  expect(first).toMatchObject({ ok: true });
  expect(second).toMatchObject({ ok: false, fault: { code: 'health.learning-busy' } });
});

const on = (changes: Partial<HealthWatch>): HealthWatch => ({ ...plant.watch(), id: 'P1/other', ...changes });

it.each<[string, () => HealthWatch, number, number]>([
  ['signals that stand still', () => on({ id: 'P2/seal', asset: 'P2' }), 2, 12],
  ['two rows', () => on({}), 2, 2 + (2 * EVERY) / DAY],
  ['a time of which there is nothing', () => on({}), 100, 110],
  ['tags that there are not', () => on({ asset: 'P9' }), 2, 12],
])('%s are refused with a reason, which can be asked for', async (_what, watch, from, to) => {
  const learning = plant.trainer.learn(watch(), { start: START + from * DAY, end: START + to * DAY, by: 'mira' });
  expect(await learning).toMatchObject({ ok: false, fault: { code: expect.stringMatching(/^health\./) } });
  const { refused, isUnderWay } = plant.trainer.learning(watch().id) ?? {};
  expect(isUnderWay).toBe(false);
  expect(refused?.detail.length).toBeGreaterThan(10);
});

it('a watch of fatigue alone has nothing to learn', async () => {
  const text = FILES['health/pump.yaml'].replace(/ {4}features:\n.*\n.*\n/, '');
  await plant.apply({ ...FILES, 'health/pump.yaml': text });
  await plant.clock.advance(86_400_000);
  await plant.trainer.check();
  expect(plant.trainer.learning(PUMP)).toBeUndefined();
});

it('a stop does not wait for what is being learned, and leaves nothing of it', async () => {
  const models = plant.registry.list(PUMP);
  const learning = plant.trainer.learn(plant.watch(), { start: START + 2 * DAY, end: START + 12 * DAY, by: 'mira' });
  await plant.trainer.close();
  expect(await learning).toMatchObject({ ok: false, fault: { code: 'health.learning-busy' } });
  expect(plant.registry.list(PUMP)).toEqual(models);
  expect(await plant.trainer.learn(plant.watch(), { by: 'mira' })).toMatchObject({
    fault: { detail: expect.stringMatching(/being stopped/) },
  });
});
