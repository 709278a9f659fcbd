import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mustSucceed } from '../../../historian/query/testbed/historians.ts';
import type { FleetLifeEstimate } from './fleetLifeEstimate.ts';
import {
  DAY,
  ENGINE_FLEET,
  type Engine,
  EnginePlant,
  FAILED,
  FIRST_DAY,
  livesText,
  recordsOf,
  START,
  TODAY,
} from './testbed/engineFleet.ts';

const FLYING = ENGINE_FLEET.slice(FAILED);
const day = (time: number | undefined) => (time === undefined ? undefined : (time - START) / DAY);
const seenFlights = ({ start, end }: Engine) => end - Math.max(FIRST_DAY, start);
const all = async (plant: EnginePlant) => mustSucceed(plant.lives.estimates('compressor'));

function of(estimates: readonly FleetLifeEstimate[], number: number): FleetLifeEstimate {
  const found = estimates.find(({ assetPath }) => assetPath === `acme/e${number}`);
  if (!found) throw new Error(`no estimate of engine ${number}`);
  return found;
}

describe('engines that were run to failure', () => {
  let directory: string;
  let plant: EnginePlant;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tidegate-lives-'));
    plant = await EnginePlant.open(directory, livesText(recordsOf(ENGINE_FLEET)));
    await plant.fly(FIRST_DAY, TODAY);
    await plant.lives.check();
  }, 60_000);
  afterAll(async () => {
    await plant.close();
    await rm(directory, { recursive: true });
  });

  it('are learned from, with a card that says of what and how far off it is', () => {
    const { model, refused, isOutdated, units, isLearning } = mustSucceed(plant.lives.standing('compressor'));
    expect({ refused, isOutdated, isLearning }).toEqual({ refused: undefined, isOutdated: false, isLearning: false });
    expect(units).toHaveLength(ENGINE_FLEET.length + FAILED);
    expect(model).toMatchObject({ life: 'compressor', number: 1, by: 'Tidegate' });
    const { card } = model!;
    expect(card).toMatchObject({ method: 'signals', signals: ['s4', 's11'], coverage: 0.9, seed: 1 });
    const seen = card.units.filter(({ cycles }) => cycles > 0).map(({ asset, cycles }) => [asset, cycles]);
    expect(seen).toEqual(
      ENGINE_FLEET.slice(0, FAILED)
        .map((engine) => [engine.asset, seenFlights(engine)])
        .toSorted(),
    );
    // Knowing nothing but the ages, estimates are off by three weeks.
    expect(card.backtest!.errorDays).toBeLessThan(0.6 * card.backtest!.errorDaysOfAges!);
    expect(card.backtest!.coverage).toBeGreaterThan(0.8);
    expect(plant.events).toMatchObject([{ kind: 'health.model-learned', source: 'compressor' }]);
  });

  it('tell the life left of those that fly, with reasons, and how those ended that they are like', async () => {
    const estimates = await all(plant);
    for (const { number, end } of FLYING) {
      const { left, at, reasons, quality, method, sentence, ageDays } = of(estimates, number);
      const truth = Math.min(60, end - day(at)!);
      expect(Math.abs(left!.medianDays - truth)).toBeLessThan(20);
      expect(left!.lowDays).toBeLessThanOrEqual(truth);
      expect(left!.highDays).toBeGreaterThanOrEqual(truth);
      expect({ method, quality, ageDays }).toEqual({
        method: 'signals',
        quality: 1,
        ageDays: day(at)! - ENGINE_FLEET[number - 1].start,
      });
      expect(reasons.length).toBeGreaterThan(2);
      expect(sentence).toMatch(/by what 11 lives before it showed\./);
    }
    // The most worn has least left, and shows it.
    const worn = of(estimates, 15);
    expect(worn.left!.medianDays).toBe(Math.min(...FLYING.map(({ number }) => of(estimates, number).left!.medianDays)));
    expect(worn.reasons[0].days).toBeLessThan(0);
    expect(worn.similar[0].leftDays).toBeLessThan(30);
    expect(worn.sentence).toMatch(
      /^Most likely \d+ days \(\d.*\) are left, .*It looks most like life 1 of acme\/e\d+ when that had/,
    );
  });

  it('of an engine that has failed and is not back nothing is told', async () => {
    const told = of(await all(plant), 3);
    expect(told).toMatchObject({
      left: undefined,
      refused: { code: 'health.too-little', detail: 'The watch sees nothing of acme/e3.' },
    });
    expect(told.unit).toMatchObject({ number: 2, end: undefined });
  });

  it('are tags, each sample once, and without a value where nothing is told', async () => {
    const worn = of(await all(plant), 15);
    const at = day(worn.at)!;
    expect(at).toBe(TODAY - 1);
    expect(await plant.samples('acme/e15/health/compressor/left')).toEqual([[at, worn.left!.medianDays]]);
    expect(await plant.samples('acme/e15/health/compressor/lower')).toEqual([[at, worn.left!.lowDays]]);
    expect(await plant.samples('acme/e15/health/compressor/upper')).toEqual([[at, worn.left!.highDays]]);
    expect(await plant.samples('acme/e3/health/compressor/left')).toEqual([[ENGINE_FLEET[2].end, undefined]]);
  });

  it('show their course, beside those that they are like', async () => {
    const { own, similar } = mustSucceed(await plant.lives.courses('compressor', FLYING[3].asset));
    expect(day(own.times[0])).toBe(FIRST_DAY + 1);
    expect(own.indexDays.every((days, at) => at === 0 || days <= own.indexDays[at - 1] + 1e-9)).toBe(true);
    expect(similar.length).toBeGreaterThan(0);
    for (const { asset, times, ended, indexDays } of similar) {
      const engine = ENGINE_FLEET.find((one) => one.asset === asset)!;
      const seen = seenFlights(engine);
      expect([day(times.at(-1)), times.length, indexDays.length, ended]).toEqual([engine.end, seen, seen, 'failure']);
    }
    expect(await plant.lives.courses('compressor', ENGINE_FLEET[2].asset)).toMatchObject({
      fault: { code: 'health.too-little' },
    });
  });

  it('are told again when a cycle has ended, and not before', async () => {
    const before = await all(plant);
    await plant.at(TODAY);
    await plant.lives.check();
    expect(await all(plant)).toEqual(before);
    await plant.fly(TODAY, TODAY + 1);
    await plant.at(TODAY + 1);
    await plant.lives.check();
    const after = await all(plant);
    expect(day(of(after, 15).at)).toBe(TODAY);
    expect(of(after, 3)).toEqual(of(before, 3));
    expect((await plant.samples('acme/e15/health/compressor/left')).map(([at]) => at)).toEqual([TODAY - 1, TODAY]);
    expect(mustSucceed(plant.lives.models('compressor'))).toHaveLength(1);
  });

  it('go on after a restart with what was learned and told', async () => {
    const before = await all(plant);
    await plant.close();
    plant = await EnginePlant.open(directory);
    await plant.at(TODAY + 1);
    expect(await all(plant)).toEqual(before);
    await plant.lives.check();
    expect(await all(plant)).toEqual(before);
    expect(plant.events).toEqual([]);
    expect(mustSucceed(plant.lives.standing('compressor')).model?.number).toBe(1);
  });

  it('a model that is damaged tells nothing, and is said to be', async () => {
    await plant.close();
    const database = new DatabaseSync(join(directory, 'health-lives.sqlite'));
    database.exec("DROP TRIGGER model_is_final; UPDATE model SET document = replace(document, '1', '2')");
    database.close();
    plant = await EnginePlant.open(directory);
    const { model, refused } = mustSucceed(plant.lives.standing('compressor'));
    expect(model).toBeUndefined();
    expect(refused).toMatchObject({
      code: 'health.model-damaged',
      detail: expect.stringMatching(/^Model 1 of the life compressor is damaged/),
    });
  });
});

describe('engines of which only the ages are known', () => {
  let directory: string;
  let plant: EnginePlant;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tidegate-lives-'));
    plant = await EnginePlant.open(directory, livesText(recordsOf([...ENGINE_FLEET.slice(0, 2), ...FLYING]), '200d'));
    await plant.lives.check();
  });
  afterAll(async () => {
    await plant.close();
    await rm(directory, { recursive: true });
  });

  it('two failures carry nothing, and what is lacking is said', async () => {
    const { model, refused } = mustSucceed(plant.lives.standing('compressor'));
    expect(model).toBeUndefined();
    expect(refused).toMatchObject({
      code: 'health.too-little',
      detail: expect.stringMatching(/2 failures; a law of lifetimes needs 3/),
    });
    expect(await all(plant)).toEqual([]);
  });

  it('five carry a law, as soon as they are written down', async () => {
    await plant.apply(livesText(recordsOf([...ENGINE_FLEET.slice(0, 5), ...FLYING]), '200d'));
    await plant.lives.check();
    const { card, number } = mustSucceed(plant.lives.standing('compressor')).model!;
    expect({ number, method: card.method, backtest: card.backtest?.lives }).toEqual({
      number: 1,
      method: 'ages',
      backtest: 5,
    });
    expect(card.notes.join(' ')).toMatch(/0 lives that failed were seen by the watch; 10 are needed/);
    const estimates = await all(plant);
    for (const { number: engine, start } of FLYING) {
      const { left, ageDays, at, sentence, quality } = of(estimates, engine);
      expect([day(at), ageDays, quality]).toEqual([TODAY, TODAY - start, Number.NaN]);
      expect(left!.lowDays).toBeLessThan(left!.medianDays);
      expect(sentence).toMatch(/by its age of \d+ days and 5 lives that failed before\.$/);
    }
    expect(of(estimates, 8).refused?.detail).toBe(
      'Nobody has said when this life of acme/e8 began: a record says it (from:).',
    );
    // The older has less left.
    expect(of(estimates, 15).left!.medianDays).toBeLessThan(of(estimates, 1).left!.medianDays);
  });

  it('a finding ends a life: it is learned from once a day has gone by', async () => {
    const found = { case: 4, failure: 'wear', at: START + (TODAY + 0.5) * DAY };
    plant.findings.set('E15/gas-path', [{ ...found, repairedAt: undefined }]);
    await plant.at(TODAY + 0.6);
    await plant.lives.check();
    const standing = () => mustSucceed(plant.lives.standing('compressor'));
    expect([standing().isOutdated, standing().model?.number]).toEqual([true, 1]);
    const told = of(await all(plant), 15);
    expect([told.unit, told.refused?.detail]).toEqual([
      undefined,
      'acme/e15 has failed, and nobody has said that it was put right.',
    ]);
    await plant.at(TODAY + 1.1);
    await plant.lives.check();
    expect([standing().isOutdated, standing().model?.number]).toEqual([false, 2]);
    expect(standing().model!.card.units.find((unit) => unit.case === 4)).toMatchObject({
      asset: 'E15',
      ended: 'failure',
    });
    plant.findings.set('E15/gas-path', [{ ...found, repairedAt: START + (TODAY + 0.8) * DAY }]);
    await plant.at(TODAY + 2.1);
    await plant.lives.check();
    expect(of(await all(plant), 15)).toMatchObject({ unit: { number: 2 }, left: { medianDays: expect.any(Number) } });
    expect(standing().model?.number).toBe(2);
  });

  it('are learned when somebody asks', async () => {
    const learned = await plant.lives.learn('compressor', 'mira');
    expect(learned).toMatchObject({ ok: true, value: { number: 3, by: 'mira' } });
    expect(await plant.lives.learn('turbine', 'mira')).toMatchObject({
      ok: false,
      fault: { code: 'health.life-unknown' },
    });
  });
});
