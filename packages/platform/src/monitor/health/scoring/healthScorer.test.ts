import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import {
  DAY,
  EVERY,
  HealthPlant,
  type HealthPlantOptions,
  noise,
  PUMP,
  START,
  samples,
} from './testbed/healthPlant.ts';
import { judged, LEARNED_DAYS, type LearnedPlants, learnedPlants, toldOf } from './testbed/learnedPlants.ts';

let plants: LearnedPlants;

beforeAll(async () => {
  plants = await learnedPlants();
});
afterAll(() => plants.remove());

async function open(directory?: string, options: HealthPlantOptions = {}): Promise<HealthPlant> {
  const plant = await HealthPlant.open(directory ?? (await plants.copy()), options);
  plant.at(LEARNED_DAYS);
  onTestFinished(() => plant.close());
  return plant;
}

/** They stand the same, though one of them has just been started. */
function plantsAgree(started: HealthPlant, other: HealthPlant): void {
  expect(started.state().latest?.assessment).toEqual(other.state().latest?.assessment);
  expect(started.state().latest?.row).toEqual(other.state().latest?.row);
}

describe('rows are judged as they come', () => {
  it('a leak that grows is told of, and nothing before it', async () => {
    const plant = await open();
    await plant.operate(LEARNED_DAYS, 12, (day) => 4 * Math.max(0, day - 8));
    await judged(plant, 12);
    expect(plant.state()).toMatchObject({
      state: 'scoring',
      why: undefined,
      model: 1,
      shadows: [],
      progress: undefined,
    });
    const rows = toldOf(plant);
    const alarm = (rows.find(({ isAlarm }) => isAlarm)?.time ?? Number.NaN) - START;
    expect(alarm / DAY).toBeGreaterThan(8);
    expect(alarm / DAY).toBeLessThan(10);
    const score = await plant.scores('score');
    expect(Array.from(score.times)).toEqual(rows.map(({ time }) => time));
    expect(Array.from(score.values)).toEqual(rows.map((row) => row.score));
    const { values } = await plant.scores('alarm');
    expect(Array.from(values)).toEqual(rows.map(({ isAlarm }) => Number(isAlarm)));
    const leak = await plant.scores('leak/value');
    expect(leak.times.length).toBe(rows.length);
    expect(plant.state().latest?.row[1]).toBe(leak.values.at(-1));
  });

  it('each interval once, as soon as it is whole', async () => {
    const plant = await open();
    await plant.operate(LEARNED_DAYS, LEARNED_DAYS + 1);
    const rows: number[] = [];
    for (let day = LEARNED_DAYS; day < LEARNED_DAYS + 1; day += 0.11) {
      await judged(plant, day);
      rows.push(plant.told.length);
      const behind = START + day * DAY - (plant.told.at(-1)?.assessment.time ?? START + LEARNED_DAYS * DAY);
      expect(behind).toBeLessThan(EVERY);
    }
    const { times } = await plant.scores('score');
    expect(Array.from(times).every((time, at) => at === 0 || time - times[at - 1] === EVERY)).toBe(true);
    expect(rows.at(-1)).toBe(times.length);
  });

  it('after a restart, wherever it is, scores are the same as without one', async () => {
    const leak = (day: number) => 2 * Math.max(0, day - 6);
    const whole = await open();
    await whole.operate(LEARNED_DAYS, 9, leak);
    await judged(whole, 9);
    const directory = await plants.copy();
    for (const day of [4.6, 5.3, 6.9, 7, 9]) {
      const plant = await HealthPlant.open(directory);
      if (day === 4.6) await plant.operate(LEARNED_DAYS, 9, leak);
      await judged(plant, day);
      await plant.close();
    }
    const parts = await open(directory);
    plantsAgree(parts, whole);
    for (const name of ['score', 'alarm', 'leak/level']) {
      expect(await parts.scores(name)).toEqual(await whole.scores(name));
    }
    const damage = (plant: HealthPlant) => plant.scores('shaft/damage').then(({ values }) => values.at(-1));
    expect(await damage(parts)).toBeCloseTo((await damage(whole)) ?? Number.NaN, 12);
  });

  it('what a crash made unknown is judged again, and not written twice', async () => {
    const directory = await plants.copy();
    const state = join(directory, 'health-scoring.sqlite');
    const before = await HealthPlant.open(directory);
    await before.operate(LEARNED_DAYS, 6);
    await judged(before, 5);
    await before.close();
    await copyFile(state, `${state}.old`);
    const crashed = await HealthPlant.open(directory);
    await judged(crashed, 5.5);
    const known = await crashed.scores('score');
    await crashed.close();
    await copyFile(`${state}.old`, state);
    const after = await open(directory);
    await judged(after, 6);
    const { times, values } = await after.scores('score');
    expect(new Set(times).size).toBe(times.length);
    expect(times.at(-1)).toBe(START + 6 * DAY - EVERY);
    expect(Array.from(values.subarray(0, known.values.length))).toEqual(Array.from(known.values));
    // Who listens hears of them again.
    expect(toldOf(after)[0].time).toBe(START + 5 * DAY + EVERY);
  });
});

it('where it stood is damaged: it says so, and goes on from its last score; what was before is not written again', async () => {
  const directory = await plants.copy();
  const before = await HealthPlant.open(directory);
  await before.operate(LEARNED_DAYS, 6);
  await judged(before, 5);
  const known = await before.scores('score');
  await before.close();
  await writeFile(join(directory, 'health-scoring.sqlite'), 'no database at all');
  const after = await open(directory);
  const detail = expect.stringMatching(
    /^health\.state-damaged: .*file is not a database; it lies beside it as \.damaged/,
  );
  expect(after.events).toMatchObject([{ kind: 'health.failed', source: 'health', detail }]);
  await judged(after, 6);
  expect(after.state()).toMatchObject({ state: 'scoring', why: undefined });
  const { times } = await after.scores('score');
  expect(Array.from(times.subarray(0, known.times.length))).toEqual(Array.from(known.times));
  expect(Array.from(times).every((time, at) => at === 0 || time - times[at - 1] === EVERY)).toBe(true);
  expect(toldOf(after)[0].time).toBe(known.times[known.times.length - 1] + EVERY);
});

describe('data that are not as they should be', () => {
  it('a value that is bad or missing has no score, and says so', async () => {
    const plant = await open();
    await plant.operate(LEARNED_DAYS, 5);
    const bad = samples(5, 5.5, () => 0).map(([time]) => [time, null, STATUS.BadSensorFailure] as const);
    await plant.add({ 'acme/p1/flow': samples(5, 5.5, (at) => 100 + noise(at)), 'acme/p1/leak': bad });
    await judged(plant, 5.5);
    const { statuses, kinds, times } = await plant.scores('score');
    const first = times.indexOf(START + 5 * DAY + EVERY);
    expect(new Set(statuses.subarray(0, first))).toEqual(new Set([STATUS.Good]));
    expect(new Set(statuses.subarray(first))).toEqual(new Set([STATUS.BadNoData]));
    expect(new Set(kinds.subarray(first))).toEqual(new Set([0]));
    expect(plant.told.slice(first).every(({ assessment }) => !assessment.strange && !assessment.drifting)).toBe(true);
    expect(plant.state()).toMatchObject({
      state: 'blind',
      why: expect.stringMatching(/^No value in the row of .*: leak\.$/),
    });
    await plant.operate(5.5, 6);
    await judged(plant, 6);
    expect(plant.state()).toMatchObject({ state: 'scoring' });
  });

  it('where nothing comes for weeks there are no rows, and it says so until there are', async () => {
    const plant = await open();
    await plant.operate(LEARNED_DAYS, 5);
    await judged(plant, 26);
    expect(plant.state()).toMatchObject({ state: 'blind', why: 'There are no samples since 2026-01-05 23:50 UTC.' });
    const before = plant.told.length;
    await plant.operate(26, 27);
    await judged(plant, 27);
    expect(plant.state()).toMatchObject({ state: 'scoring' });
    expect(
      toldOf(plant)
        .slice(before)
        .every(({ isAlarm }) => !isAlarm),
    ).toBe(true);
  });

  it('samples that come late are counted, and their rows stay as they were judged', async () => {
    const plant = await open();
    await plant.operate(LEARNED_DAYS, 5);
    await judged(plant, 5);
    const before = await plant.scores('score');
    const time = START + 4.8 * DAY + EVERY / 2;
    await plant.add({ 'acme/p1/leak': [[time, 400]] });
    await plant.operate(5, 5.2);
    await judged(plant, 5.2);
    const after = await plant.scores('score');
    expect(Array.from(after.values.subarray(0, before.values.length))).toEqual(Array.from(before.values));
    expect(plant.state().late).toEqual({ samples: 1, newest: time });
  });

  it('a clock that is moved back judges nothing again', async () => {
    const plant = await open();
    await plant.operate(LEARNED_DAYS, 6);
    await judged(plant, 6);
    const before = plant.told.length;
    await judged(plant, 5);
    expect(plant.told.length).toBe(before);
    expect(plant.state()).toMatchObject({
      state: 'blind',
      why: expect.stringMatching(/^The clock shows 2026-01-06 00:00 UTC/),
    });
    await plant.operate(6, 6.1);
    await judged(plant, 6.1);
    expect(plant.state()).toMatchObject({ state: 'scoring' });
  });

  it('times that were far ahead, when clock and samples were wrong, keep nothing blind for long', async () => {
    const plant = await open();
    await plant.operate(LEARNED_DAYS, 6);
    await judged(plant, 6);
    await plant.operate(30, 30.2);
    await judged(plant, 30.2);
    await plant.operate(6, 7);
    await judged(plant, 7);
    expect(plant.state()).toMatchObject({ state: 'blind', why: expect.stringMatching(/up to 2026-01-31 .* already/) });
    await plant.clock.advance(3_600_000);
    await plant.scorer.settle();
    await plant.scorer.settle();
    const told = plant.events.filter(({ kind }) => kind === 'health.failed');
    expect(told).toMatchObject([{ source: PUMP, detail: expect.stringMatching(/2026-01-31 .* begins anew/) }]);
    await plant.operate(7, 9);
    const before = plant.told.length;
    await judged(plant, 9);
    expect(plant.state()).toMatchObject({ state: 'scoring', why: undefined });
    const times = toldOf(plant)
      .slice(before)
      .map(({ time }) => time);
    expect(times.every((time, at) => at === 0 || time - times[at - 1] === EVERY)).toBe(true);
    expect(times.at(-1)).toBe(START + 9 * DAY);
    expect(plant.state().latest?.fatigue[0].damage).toBeLessThan(1);
    const shaft = await plant.scores('shaft/damage');
    expect(Math.max(...Array.from(shaft.times).filter((time) => time < START + 20 * DAY))).toBeGreaterThan(
      START + 8.9 * DAY,
    );
  });

  it('a clock that is moved on makes no rows of nothing', async () => {
    const plant = await open();
    await plant.operate(LEARNED_DAYS, 5);
    await judged(plant, 400);
    expect(plant.told.at(-1)?.assessment.time).toBe(START + 5 * DAY - EVERY);
  });
});
