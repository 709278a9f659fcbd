import { describe, expect, it } from 'vitest';
import { byUrgency } from './byUrgency.ts';
import { QUIET_DAYS } from './caseMatch.ts';
import type { Finding } from './healthCase.ts';
import { granted, runningKeeper } from './testbed/runningKeeper.ts';
import { crack, DAY, NOW, standing, WATCH } from './testbed/standings.ts';

const NOTHING: Finding = {
  ...{ outcome: 'nothing-found', failure: undefined, notes: 'all dry and tight', repaired: false, photos: [] },
  ...{ by: 'Ada', at: NOW },
};
const REPAIRED: Finding = { ...NOTHING, outcome: 'confirmed', failure: 'solder-crack', repaired: true };
const kindsOf = ({ store }: ReturnType<typeof runningKeeper>, number = 1) =>
  granted(store.history(number)).map(({ kind }) => kind);
const later = (days: number, plan: Parameters<typeof crack>[0] = {}) => crack({ ...plan, time: NOW + days * DAY });

describe('alerts', () => {
  it('open one case, and later ones add to it', () => {
    const running = runningKeeper();
    const { keeper, store, told } = running;
    const [opened] = granted(keeper.see(crack()));
    expect(opened).toMatchObject({
      ...{ number: 1, state: 'open', watch: WATCH.id, severity: 'major', openedAt: NOW, lastAlertAt: NOW, model: 1 },
      ...{
        isolations: ['panel 3', 'output of the supply'],
        site: { where: 'Substation, panel 3' },
        life: { medianDays: 62 },
      },
      reasons: { failure: 'solder-crack', kind: 'drift', signs: [{ feature: 'contact-resistance' }] },
    });
    for (let hour = 1; hour <= 400; hour += 8) {
      keeper.see(later(hour / 24, { medianDays: 62 - hour / 24, assessment: { quality: hour === 9 ? 0.7 : 1 } }));
    }
    const cases = granted(store.list({}));
    expect(cases).toHaveLength(1);
    expect(cases[0]).toMatchObject({ lastAlertAt: NOW + (393 / 24) * DAY, openedAt: NOW, reasons: { quality: 0.7 } });
    expect(cases[0].life?.medianDays).toBeCloseTo(62 - 393 / 24);
    expect(kindsOf(running)).toEqual(['opened', 'alert', 'alert']);
    expect(told.map(({ kind }) => kind)).toEqual(['health.case-opened']);
  });

  it('that end leave the case open and quiet, behind those that go on', () => {
    const running = runningKeeper();
    const { keeper, store } = running;
    keeper.see(crack());
    keeper.see(standing({ time: NOW + 2 * DAY }));
    expect(granted(store.get(1)).quietSince).toBeUndefined();
    keeper.see(standing({ time: NOW + 4 * DAY, assessment: { score: Number.NaN, unscored: 'missing' } }));
    expect(granted(store.get(1)).quietSince).toBeUndefined();
    for (const day of [4, 5]) keeper.see(standing({ time: NOW + day * DAY }));
    const quiet = granted(store.get(1));
    expect(quiet).toMatchObject({ state: 'open', quietSince: NOW });
    const other = { ...quiet, number: 2, quietSince: undefined, severity: 'minor' } as const;
    expect(byUrgency([quiet, other], NOW + 5 * DAY).map((ranked) => ranked.case.number)).toEqual([2, 1]);
    keeper.see(later(6));
    expect(granted(store.get(1)).quietSince).toBeUndefined();
    expect(kindsOf(running)).toEqual(['opened', 'quiet', 'alert']);
  });

  it('that come again after a restart change nothing', () => {
    const { keeper, store } = runningKeeper();
    keeper.see(crack());
    keeper.see(later(1));
    const { revision } = store;
    expect(keeper.see(crack())).toEqual({ ok: true, value: [] });
    expect(store.revision).toBe(revision);
  });

  it('that are only strange, or have no name, take nothing away from what is known', () => {
    const { keeper, store } = runningKeeper();
    keeper.see(crack());
    const strange = { strange: true, score: 9 };
    const contributions = { 'case-temperature': 3 };
    keeper.see(standing({ time: NOW + DAY / 2, assessment: strange, contributions, row: { 'case-temperature': 40 } }));
    expect(granted(store.get(1))).toMatchObject({
      lastAlertAt: NOW + DAY / 2,
      reasons: { kind: 'drift', failure: 'solder-crack', score: 9, signs: [{ feature: 'contact-resistance' }] },
    });
  });

  it('give a case its name when it shows', () => {
    const running = runningKeeper();
    const contributions = { 'case-temperature': 3, 'contact-resistance': 1 };
    running.keeper.see(standing({ assessment: { strange: true }, contributions, row: { 'case-temperature': 40 } }));
    const unnamed = granted(running.store.get(1));
    expect([unnamed.severity, unnamed.reasons.failure]).toEqual(['minor', undefined]);
    running.keeper.see(later(1));
    expect(granted(running.store.list({}))).toMatchObject([
      { severity: 'major', reasons: { failure: 'solder-crack' } },
    ]);
    expect(kindsOf(running)).toEqual(['opened', 'alert']);
  });

  it('of two failures apart open two cases, and of another watch another', () => {
    const { keeper, store } = runningKeeper();
    const fan = {
      'case-temperature': { level: 31, evidence: 2 },
      'voltage-residual': { level: -0.2, evidence: 2 },
    };
    keeper.see(crack({ drifts: { 'contact-resistance': crack().assessment.drifts[0], ...fan } }));
    keeper.see(crack({ watch: { id: 'PSU-2/output-joint', asset: 'PSU-2' } }));
    expect(
      granted(store.list({}))
        .map(({ watch, reasons }) => `${watch} ${reasons.failure}`)
        .reverse(),
    ).toEqual(['PSU-1/output-joint fan-stuck', 'PSU-1/output-joint solder-crack', 'PSU-2/output-joint solder-crack']);
  });

  it('over doubtful data open nothing', () => {
    const { keeper, store } = runningKeeper();
    keeper.see(crack({ assessment: { unscored: 'doubtful' } }));
    expect(granted(store.list({}))).toEqual([]);
  });

  it('show what was found in cases like it', () => {
    const { keeper } = runningKeeper();
    keeper.see(crack({ watch: { id: 'PSU-2/output-joint', asset: 'PSU-2' } }));
    granted(keeper.find(1, REPAIRED));
    granted(keeper.close(1, { comment: '', by: 'Ada' }));
    const [opened] = granted(keeper.see(crack()));
    expect(opened.reasons.similar).toEqual([{ number: 1, likeness: 1, outcome: 'confirmed' }]);
  });
});

describe('where nothing was found', () => {
  function closedForNothing() {
    const running = runningKeeper();
    running.keeper.see(crack());
    granted(running.keeper.find(1, NOTHING));
    granted(running.keeper.close(1, { comment: '', by: 'Ada' }));
    return running;
  }

  it.each<[string, ReturnType<typeof crack>, number]>([
    ['the same signs are quiet', later(1), 1],
    ['signs that have grown a little are', later(10, { growth: 1.9 }), 1],
    ['signs that have grown twice as far are not', later(10, { growth: 2.01 }), 2],
    ['an end as it was expected is', later(25, { medianDays: 20 }), 1],
    ['an end that is sooner than was held likely is not', later(3, { medianDays: 30 }), 2],
    ['a sign that was not there is not', later(1, { drifts: { 'voltage-residual': { level: 1, evidence: 1 } } }), 2],
    ['after a time they are not', later(QUIET_DAYS), 2],
  ])('%s', (_what, alert, cases) => {
    const { keeper, store } = closedForNothing();
    keeper.see(alert);
    expect(granted(store.list({}))).toHaveLength(cases);
  });
});

it.each<[string, ReturnType<typeof crack>, number]>([
  ['what the old model says of the part that was taken out is quiet', later(29), 1],
  ['what is clearly worse is not', later(2, { growth: 2.5 }), 2],
  ['what a model says that was learned since is not', later(5, { model: 2 }), 2],
  ['what is said when a model could have been learned is not', later(30), 2],
  ['a row from before the repair is quiet', later(-0.5, { growth: 9 }), 1],
])('after a repair %s', (_what, alert, cases) => {
  const { keeper, store } = runningKeeper();
  keeper.see(crack({ time: NOW - DAY }));
  granted(keeper.find(1, REPAIRED));
  granted(keeper.close(1, { comment: '', by: 'Ada' }));
  keeper.see(alert);
  expect(granted(store.list({}))).toHaveLength(cases);
});

describe('a snooze', () => {
  function snoozed() {
    const running = runningKeeper();
    running.keeper.see(crack());
    granted(running.keeper.snooze(1, { until: NOW + 20 * DAY, reason: 'the next visit is on the 30th', by: 'Ada' }));
    return running;
  }

  it('lasts while it gets no worse', () => {
    const running = snoozed();
    running.keeper.see(later(1.5, { growth: 1.5 }));
    expect(granted(running.store.get(1)).snoozedUntil).toBe(NOW + 20 * DAY);
    expect(kindsOf(running)).toEqual(['opened', 'snoozed']);
  });

  it('lasts, and nothing new is told, where rows are missing and only the wear that was known goes on', () => {
    const life = { medianDays: 60, lowDays: 20, highDays: 200 };
    const running = snoozed();
    for (const day of [1, 2, 3]) {
      const missing = { assessment: { score: Number.NaN, unscored: 'missing' as const }, fatigue: { life } };
      granted(running.keeper.see(standing({ ...missing, time: NOW + day * DAY })));
      granted(running.keeper.see(later(day + 0.5, { fatigue: { life } })));
    }
    expect(granted(running.store.get(1))).toMatchObject({ snoozedUntil: NOW + 20 * DAY, reasons: { kind: 'drift' } });
    expect(kindsOf(running)).toEqual(['opened', 'snoozed']);
  });

  it('of wear ends when readings show it', () => {
    const running = runningKeeper();
    const fatigue = { life: { medianDays: 60, lowDays: 20, highDays: 200 } };
    running.keeper.see(standing({ fatigue }));
    granted(running.keeper.snooze(1, { until: NOW + 20 * DAY, reason: 'at the next visit', by: 'Ada' }));
    running.keeper.see(later(1, { fatigue }));
    expect(granted(running.store.history(1)).at(-1)).toMatchObject({ kind: 'woken', why: 'readings show it now' });
  });

  it('ends when it is clearly worse than when it was snoozed, and says why', () => {
    const running = snoozed();
    for (const [day, growth] of [1.3, 1.6, 1.9, 2.2].entries()) running.keeper.see(later(day + 1, { growth }));
    expect(granted(running.store.get(1)).snoozedUntil).toBeUndefined();
    expect(granted(running.store.history(1)).at(-1)).toMatchObject({
      ...{ kind: 'woken', by: 'tidegate', why: 'contact resistance is 2.2 times as far from normal' },
    });
  });
});

describe('what people do', () => {
  it('is kept with who, when and why, and is taken back step by step of the last', () => {
    const running = runningKeeper();
    const { keeper } = running;
    keeper.see(crack());
    granted(keeper.snooze(1, { until: NOW + DAY, reason: 'tomorrow', by: 'Ada' }));
    granted(keeper.find(1, NOTHING));
    const closed = granted(keeper.close(1, { comment: 'over', by: 'Ben' }));
    expect(closed).toMatchObject({ state: 'closed', closedAt: NOW, snoozedUntil: undefined, finding: { by: 'Ada' } });
    const undone = granted(keeper.undo(1, { by: 'Ben' }));
    expect(undone).toMatchObject({ state: 'open', snoozedUntil: NOW + DAY, finding: { by: 'Ada' } });
    expect(keeper.undo(1, { by: 'Ben' })).toMatchObject({ fault: { code: 'health.case-state' } });
    expect(granted(running.store.history(1)).map(({ by, kind, why }) => [by, kind, why])).toEqual([
      ['tidegate', 'opened', expect.stringContaining('solder joint')],
      ['Ada', 'snoozed', 'tomorrow'],
      ['Ada', 'found', 'all dry and tight'],
      ['Ben', 'closed', 'over'],
      ['Ben', 'undone', 'closed'],
    ]);
  });

  it('may be a comment on any case, which changes nothing and is not in the way of what is taken back', () => {
    const running = runningKeeper();
    const { keeper, store } = running;
    keeper.see(crack());
    const closed = granted(keeper.close(1, { comment: 'known', by: 'Ada' }));
    expect(granted(keeper.comment(1, { text: 'seen on the way', by: 'Ben' }))).toEqual(closed);
    expect(granted(store.history(1)).at(-1)).toMatchObject({ kind: 'commented', by: 'Ben', why: 'seen on the way' });
    expect(granted(keeper.undo(1, { by: 'Ada' })).state).toBe('open');
    expect(kindsOf(running)).toEqual(['opened', 'closed', 'commented', 'undone']);
  });

  it('does not open a case again beside another of the same', () => {
    const { keeper } = runningKeeper();
    keeper.see(crack());
    granted(keeper.close(1, { comment: 'known', by: 'Ada' }));
    keeper.see(later(2, { growth: 3 }));
    const rival = { fault: { code: 'health.case-state', detail: 'Case 2 is open for the same; go on there.' } };
    expect(keeper.reopen(1, { comment: 'no', by: 'Ada' })).toMatchObject(rival);
    expect(keeper.undo(1, { by: 'Ada' })).toMatchObject(rival);
  });

  it.each<[string, (keeper: ReturnType<typeof runningKeeper>['keeper']) => unknown, string]>([
    ['a case that there is not', (keeper) => keeper.wake(9, { reason: '', by: 'Ada' }), 'health.case-unknown'],
    ['nobody', (keeper) => keeper.close(1, { comment: 'x', by: ' ' }), 'health.case-refused'],
    [
      'a snooze that is over',
      (keeper) => keeper.snooze(1, { until: NOW, reason: 'x', by: 'A' }),
      'health.case-refused',
    ],
    [
      'a snooze without a reason',
      (keeper) => keeper.snooze(1, { until: NOW + DAY, reason: '', by: 'A' }),
      'health.case-refused',
    ],
    [
      'a snooze for years',
      (keeper) => keeper.snooze(1, { until: NOW + 999 * DAY, reason: 'x', by: 'A' }),
      'health.case-refused',
    ],
    ['waking what is awake', (keeper) => keeper.wake(1, { reason: '', by: 'A' }), 'health.case-state'],
    ['an order elsewhere', (keeper) => keeper.order(1, { port: 'sap', comment: '', by: 'A' }), 'health.case-refused'],
    ['closing without a word', (keeper) => keeper.close(1, { comment: '', by: 'A' }), 'health.case-refused'],
    ['reopening what is open', (keeper) => keeper.reopen(1, { comment: 'x', by: 'A' }), 'health.case-state'],
    ['nothing that was repaired', (keeper) => keeper.find(1, { ...NOTHING, repaired: true }), 'health.case-refused'],
    ['a failure without a name', (keeper) => keeper.find(1, { ...REPAIRED, failure: ' ' }), 'health.case-refused'],
    ['a look into the future', (keeper) => keeper.find(1, { ...NOTHING, at: NOW + DAY }), 'health.case-refused'],
    [
      'a failure after it was seen',
      (keeper) => keeper.find(1, { ...REPAIRED, failedAt: NOW + 1 }),
      'health.case-refused',
    ],
    ['a photo that there is not', (keeper) => keeper.find(1, { ...NOTHING, photos: ['../x'] }), 'health.case-refused'],
    ['endless notes', (keeper) => keeper.find(1, { ...NOTHING, notes: 'x'.repeat(10_001) }), 'health.case-refused'],
    ['an empty comment', (keeper) => keeper.comment(1, { text: ' ', by: 'A' }), 'health.case-refused'],
    ['an endless comment', (keeper) => keeper.comment(1, { text: 'x'.repeat(10_001), by: 'A' }), 'health.case-refused'],
    ['an undo of what the machine did', (keeper) => keeper.undo(1, { by: 'A' }), 'health.case-state'],
  ])('refuses %s', (_what, act, code) => {
    const { keeper, store } = runningKeeper();
    keeper.see(crack());
    const { revision } = store;
    expect(act(keeper)).toMatchObject({ ok: false, fault: { code } });
    expect(store.revision).toBe(revision);
  });
});

it('ranks by severity over the days that are left at the least, and says why', () => {
  const { keeper, store } = runningKeeper();
  const psu = (number: number) => {
    // Sites of their own, so that they did not begin together.
    return { id: `PSU-${number}/output-joint`, asset: `PSU-${number}`, assetPath: `acme/site-${number}/power-supply` };
  };
  const failures = (severity: 'minor' | 'major' | 'severe') => WATCH.failures.map((mode) => ({ ...mode, severity }));
  keeper.see(crack({ medianDays: 62, watch: psu(1) }));
  keeper.see(crack({ medianDays: 62, watch: { ...psu(2), failures: failures('severe') } }));
  keeper.see(crack({ medianDays: 6, watch: { ...psu(3), failures: failures('minor') } }));
  keeper.see(standing({ watch: psu(4), drifts: { 'case-temperature': { level: 12, evidence: 1 } } }));
  keeper.see(crack({ medianDays: 1, watch: psu(5) }));
  keeper.see(crack({ medianDays: 1, watch: { ...psu(6), failures: failures('severe') } }));
  granted(keeper.snooze(6, { until: NOW + DAY, reason: 'seen', by: 'Ada' }));
  const ranked = byUrgency(granted(store.list({})), NOW);
  expect(ranked.map(({ rank, case: { number }, why }) => `${rank}. case ${number}: ${why}`)).toEqual([
    '1. case 5: major (weight 10), and it may fail any day',
    '2. case 2: severe (weight 100), and at the least 39 days left',
    '3. case 3: minor (weight 1), and at the least 4 days left',
    '4. case 1: major (weight 10), and at the least 39 days left',
    '5. case 4: minor (weight 1), and no estimate of what is left, which counts as 90 days',
    '6. case 6: snoozed; severe (weight 100), and it may fail any day',
  ]);
  expect(byUrgency(granted(store.list({})), NOW + 38 * DAY)[0]).toMatchObject({ case: { number: 2 } });
});
