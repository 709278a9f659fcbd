import { failure } from '@tidegate/core/fault/fault.ts';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { ScoringStore } from './scoringStore.ts';
import { DAY, EVERY, FILES, HealthPlant, type HealthPlantOptions, PUMP, SECOND, START } from './testbed/healthPlant.ts';
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

describe('trouble', () => {
  it('a watch whose tags are not there is blind, and the other one scores', async () => {
    const plant = await open();
    await plant.apply({ ...FILES, 'health/pump.yaml': SECOND });
    await plant.operate(LEARNED_DAYS, 5);
    await plant.trainer.check();
    await judged(plant, 5);
    expect(plant.state()).toMatchObject({ state: 'scoring' });
    expect(plant.state('P2/seal')).toMatchObject({ state: 'blind', model: undefined });
    expect(plant.state('P2/seal').why).toContain('acme/p2/leak');
  });

  it('a bug that one watch meets is told, costs nobody else anything, and is tried again', async () => {
    const plant = await open();
    await plant.operate(LEARNED_DAYS, 6);
    await judged(plant, 5);
    const rows = vi.spyOn(plant.reader, 'rows').mockRejectedValue(new TypeError('no such column'));
    await judged(plant, 5.5);
    await plant.clock.advance(61_000);
    await judged(plant, 5.6);
    const crashed = plant.events.filter(({ kind }) => kind === 'worker.crashed');
    expect(crashed).toMatchObject([{ source: PUMP, detail: 'scoring: TypeError: no such column' }]);
    const why = 'Tidegate broke down over it: TypeError: no such column';
    expect(plant.state()).toMatchObject({ state: 'blind', why });
    rows.mockRestore();
    await plant.clock.advance(61_000);
    await judged(plant, 6);
    expect(plant.state()).toMatchObject({ state: 'scoring', why: undefined });
    const { times } = await plant.scores('score');
    expect(Array.from(times).every((time, at) => at === 0 || time - times[at - 1] === EVERY)).toBe(true);
    expect(times.at(-1)).toBe(START + 6 * DAY - EVERY);
  });

  it('a full disk stops judging, says so once, and nothing is lost', async () => {
    const plant = await open();
    await plant.operate(LEARNED_DAYS, 6);
    await judged(plant, 5);
    const full = vi.spyOn(ScoringStore.prototype, 'write').mockReturnValue(failure('archive.full', 'no space left'));
    await judged(plant, 5.5);
    await judged(plant, 5.6);
    const failed = plant.events.filter(({ kind }) => kind === 'health.failed');
    expect(failed).toMatchObject([{ source: PUMP, detail: 'archive.full: no space left' }]);
    const why = 'Scores cannot be kept, so nothing more is judged: no space left';
    expect(plant.state()).toMatchObject({ state: 'blind', why });
    full.mockRestore();
    await plant.clock.advance(61_000);
    await judged(plant, 6);
    expect(plant.state()).toMatchObject({ state: 'scoring' });
    const { times } = await plant.scores('score');
    expect(Array.from(times)).toEqual(toldOf(plant).map(({ time }) => time));
    expect(times.at(-1)).toBe(START + 6 * DAY - EVERY);
  });

  it('a tag of another kind stands where a score belongs: that watch is blind, the other is not', async () => {
    const plant = await open(undefined, {});
    await plant.apply({ ...FILES, 'health/pump.yaml': SECOND });
    await plant.operate(0, 5, () => 0, 'p2');
    await plant.operate(LEARNED_DAYS, 5);
    plant.at(5);
    await plant.trainer.check();
    const run = {
      times: Float64Array.of(1),
      values: Float64Array.of(0),
      kinds: Uint8Array.of(0),
      statuses: Uint32Array.of(0x80000000),
      strings: [],
    };
    const wrong = {
      path: 'acme/p2/health/seal/score',
      type: 'string',
      unit: '',
      stepped: true,
      description: '',
      run,
    } as const;
    expect(await plant.historian.importSamples([wrong], 'test')).toMatchObject({ ok: true });
    await plant.operate(5, 6, () => 0, 'p2');
    await plant.operate(5, 6);
    await judged(plant, 6);
    expect(plant.state()).toMatchObject({ state: 'scoring', model: 1 });
    expect(plant.state('P2/seal')).toMatchObject({
      state: 'blind',
      why: expect.stringContaining('Scores cannot be kept'),
    });
    expect((await plant.scores('score')).times.at(-1)).toBe(START + 6 * DAY - EVERY);
  });

  it('where its state is damaged, scoring begins at the last score, and says so', async () => {
    const directory = await plants.copy();
    const before = await HealthPlant.open(directory);
    await before.operate(LEARNED_DAYS, 6);
    await judged(before, 5);
    await before.close();
    vi.spyOn(ScoringStore.prototype, 'read').mockReturnValueOnce(failure('health.state-damaged', 'rows'));
    const plant = await open(directory);
    await judged(plant, 6);
    expect(plant.events).toMatchObject([{ kind: 'health.failed', source: PUMP, detail: 'health.state-damaged: rows' }]);
    expect(toldOf(plant)[0].time).toBe(START + 5 * DAY + EVERY);
    const { times } = await plant.scores('score');
    expect(new Set(times).size).toBe(times.length);
  });
});
