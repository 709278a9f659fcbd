import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { describe, expect, it, vi } from 'vitest';
import { DurableDatabase } from '../../../historian/ingest/durableDatabase.ts';
import type { Finding } from './healthCase.ts';
import { granted, runningKeeper } from './testbed/runningKeeper.ts';
import { crack, DAY, NOW, standing } from './testbed/standings.ts';

const HOUR = 3_600e6;
const CRACK = crack().assessment.drifts[0];
const STEP = { at: NOW - DAY, from: 20, to: 35, conversion: undefined };
const HOT_STEP = { 'case-temperature': { level: 35, evidence: 9, since: STEP.at, step: STEP } };
const FADED = { 'case-temperature': { level: 14, evidence: 2 } };
const NOTHING: Finding = {
  ...{ outcome: 'nothing-found', failure: undefined, notes: '', repaired: false, photos: [], by: 'Ada', at: NOW },
};
const told = ({ store }: ReturnType<typeof runningKeeper>) =>
  granted(store.list({ states: ['open', 'ordered'] }))
    .map(({ reasons }) => `${reasons.kind} ${reasons.failure ?? reasons.signs.map(({ feature }) => feature).join()}`)
    .reverse();

describe('a trouble of its own has a case of its own:', () => {
  it('a sensor that was changed while something else drifts, row after row', () => {
    const running = runningKeeper();
    for (const hour of [0, 1, 2, 3]) {
      const drifts = { 'contact-resistance': CRACK, ...HOT_STEP };
      granted(running.keeper.see(crack({ time: NOW + hour * HOUR, drifts })));
    }
    expect(told(running)).toEqual(['drift solder-crack', 'step case-temperature']);
    expect(granted(running.store.history(1)).map(({ kind }) => kind)).toEqual(['opened']);
    expect(granted(running.store.history(2)).map(({ kind }) => kind)).toEqual(['opened']);
  });

  it('a drift without a name beside a case that knows no such sign', () => {
    const running = runningKeeper();
    running.keeper.see(crack());
    running.keeper.see(standing({ time: NOW + DAY, drifts: FADED }));
    expect(told(running)).toEqual(['drift solder-crack', 'drift case-temperature']);
    expect(granted(running.store.get(1)).lastAlertAt).toBe(NOW);
  });

  it('wear of a part that no failure is described for', () => {
    const running = runningKeeper();
    const life = { medianDays: 90, lowDays: 30, highDays: 300 };
    const failures = crack().watch.failures.map((mode) => ({ ...mode, fatigue: undefined }));
    running.keeper.see(crack({ watch: { failures } }));
    running.keeper.see(crack({ time: NOW + DAY, watch: { failures }, fatigue: { life } }));
    expect(told(running)).toEqual(['drift solder-crack', 'wear ']);
  });

  it('what is strange in another way than what was closed for nothing', () => {
    const running = runningKeeper();
    const strange = { assessment: { strange: true, score: 9 } };
    const joint = { contributions: { 'contact-resistance': 3 }, row: { 'contact-resistance': 1 } };
    const hot = { contributions: { 'case-temperature': 3 }, row: { 'case-temperature': 60 } };
    running.keeper.see(standing({ ...strange, ...joint }));
    granted(running.keeper.find(1, NOTHING));
    granted(running.keeper.close(1, { comment: '', by: 'Ada' }));
    running.keeper.see(standing({ ...strange, ...joint, time: NOW + DAY }));
    expect(told(running)).toEqual([]);
    running.keeper.see(standing({ ...strange, ...hot, time: NOW + DAY }));
    expect(told(running)).toEqual(['strange case-temperature']);
  });
});

it('leaves less time when a later alert says no more than that it goes on', () => {
  const { keeper, store } = runningKeeper();
  keeper.see(crack());
  const strange = { assessment: { strange: true, score: 9 }, contributions: { 'contact-resistance': 3 } };
  for (const day of [1, 10, 30]) keeper.see(standing({ ...strange, time: NOW + day * DAY }));
  expect(granted(store.get(1))).toMatchObject({
    lastAlertAt: NOW + 30 * DAY,
    life: { medianDays: 32, lowDays: 9, highDays: 80 },
  });
});

it('does not mind that the clock was set back by an hour', async () => {
  const { keeper, store, clock } = runningKeeper();
  keeper.see(crack());
  granted(keeper.order(1, { port: 'files', comment: 'soon', by: 'Ada' }));
  clock.setWallClock((NOW - HOUR) as Timestamp);
  granted(keeper.see(crack({ time: NOW - HOUR / 2, growth: 1.1 })));
  await clock.advance(11_000);
  await vi.waitFor(() => expect(granted(store.get(1)).orders[0].reference).toBe('order-1-1.json'));
  expect(granted(store.get(1)).lastAlertAt).toBe(NOW);
  granted(keeper.find(1, { ...NOTHING, at: clock.now() }));
  granted(keeper.close(1, { comment: '', by: 'Ada' }));
  keeper.see(crack({ time: NOW + HOUR }));
  expect(granted(store.list({}))).toHaveLength(1);
  const kinds = granted(store.history(1)).map(({ kind }) => kind);
  expect(kinds).toEqual(['opened', 'ordered', 'order-placed', 'found', 'closed']);
});

describe('a disk that is full', () => {
  function full() {
    const opened = vi.spyOn(DurableDatabase, 'open');
    const running = runningKeeper();
    const database = granted(opened.mock.results[0].value as ReturnType<typeof DurableDatabase.open>);
    opened.mockRestore();
    const { page_count } = database.prepare('PRAGMA page_count').get() as { page_count: number };
    const allow = (pages: number) => database.prepare(`PRAGMA max_page_count = ${pages}`).get();
    allow(page_count);
    // What is left of the last pages.
    for (let day = 0; day === 0 || running.store.flush().ok; day++) {
      running.store.noteJudged('x'.repeat(2_000), 'x', NOW + day * DAY);
    }
    return { ...running, free: () => allow(100_000) };
  }
  const joint = (number: number) => ({
    ...{ id: `PSU-${number}/output-joint`, asset: `PSU-${number}`, assetPath: `acme/site-${number}/power-supply` },
  });

  it('loses none of a hundred alerts, tells once, and goes on when there is room, with watches that are silent by then', () => {
    const { keeper, store, told, free } = full();
    const seen = Array.from({ length: 100 }, (_, number) => keeper.see(crack({ watch: joint(number) })));
    const faults = seen.flatMap((result) => (result.ok ? [] : [result.fault.code]));
    expect(new Set(faults)).toEqual(new Set(['archive.full']));
    expect(faults.length).toBeGreaterThan(90);
    free();
    for (const number of Array(100).keys()) granted(keeper.see(standing({ watch: joint(number), time: NOW + HOUR })));
    const cases = granted(store.list({}));
    expect(new Set(cases.map(({ watch }) => watch)).size).toBe(100);
    expect(cases.every(({ openedAt }) => openedAt === NOW)).toBe(true);
    expect(told.filter(({ kind }) => kind !== 'health.case-opened').map(({ kind }) => kind)).toEqual([
      ...['health.unwritable', 'health.writable'],
    ]);
  });

  it('that has room again when the server stops leaves nothing behind', () => {
    const { keeper, store, free } = full();
    for (const number of [1, 2, 3]) keeper.see(crack({ watch: joint(number) }));
    free();
    keeper.stop();
    expect(granted(store.list({}))).toHaveLength(3);
  });
});
