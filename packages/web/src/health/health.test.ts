import type { HealthCase } from '@tidegate/platform/northbound/contract/healthCase.ts';
import type { HealthWatch, HealthWatchList } from '@tidegate/platform/northbound/contract/healthWatch.ts';
import { describe, expect, it } from 'vitest';
import { caseGroups } from './cases/caseGroups.ts';
import { type CaseForm, lackOf, operationsOf, orderOf } from './cases/caseOrder.ts';
import { groupText, qualityText, stateText } from './cases/caseWords.ts';
import { EMPTY_FORM } from './cases/useCaseOperations.ts';
import { type Account, ledgerFigures } from './ledger/ledgerFigures.ts';
import { lifeBar, lifeFrom, lifeText } from './lifeLeft.ts';
import { formatFigure, formatQuantity, spokenUnit } from './quantity.ts';
import { leastDriftText } from './watches/leastDrift.ts';
import { nothingText, standingOf, watchesInOrder } from './watches/watchWords.ts';

const DAY = 86_400e6;
const NOW = 1_000 * DAY;

it.each([
  [0.0042, 'Ohm', '4.20 m\u03a9'],
  [24_500, 'W', '24.5 kW'],
  [0, 'V', '0 V'],
  [-3.456, 'Cel', '\u22123.46 \u00b0C'],
  [0.05, '1', '0.0500'],
  [null, 'Ohm', '\u2013'],
])('%d in %s reads %s', (value, unit, text) => {
  expect(formatQuantity(value, spokenUnit(unit, [value]))).toBe(text);
});

it('gives the values of a row one unit', () => {
  const unit = spokenUnit('Ohm', [0.0015, 0.05, null, Number.NaN]);
  expect([0.0015, 0.05].map((value) => formatQuantity(value, unit))).toEqual(['1.50 m\u03a9', '50.0 m\u03a9']);
});

it.each([
  [99.96, '100'],
  [0.00001234, '0.0000123'],
  [3e-9, '3.0e\u22129'],
  [Number.NaN, '\u2013'],
])('%d reads %s', (value, text) => {
  expect(formatFigure(value)).toBe(text);
});

describe('what is left', () => {
  it.each([
    [{ medianDays: 62, lowDays: 39, highDays: 110 }, '62 d (39 d to 110 d)'],
    [{ medianDays: 1.75, lowDays: 0.6, highDays: 4 }, '42 h (14 h to 4 d)'],
    [{ medianDays: 900, lowDays: 300, highDays: null }, '2.5 years (300 d to over 10 years)'],
    [{ medianDays: null, lowDays: 300, highDays: null }, 'over 300 d'],
    [{ medianDays: null, lowDays: null, highDays: null }, 'no end in sight'],
    [{ medianDays: 0, lowDays: 0, highDays: 0 }, 'nothing: it is at its end'],
  ])('%j reads %s', (life, text) => {
    expect(lifeText(life)).toBe(text);
  });

  it.each([
    [{ medianDays: 95, lowDays: 60, highDays: 180 }, '95 d (60 d to over 180 d)'],
    [{ medianDays: 180, lowDays: 120, highDays: 180 }, 'over 180 d (120 d to over 180 d)'],
    [{ medianDays: 180, lowDays: 180, highDays: 180 }, 'over 180 d'],
  ])('up to a horizon: %j reads %s', (life, text) => {
    expect(lifeText(life, 180)).toBe(text);
  });

  it('lies on a bar in its order, within it', () => {
    const bar = lifeBar({ medianDays: 62, lowDays: 0, highDays: 1e6 });
    expect(bar).toMatchObject({ low: 0, high: 1 });
    expect(bar?.median).toBeGreaterThan(0.4);
    expect(bar?.median).toBeLessThan(0.6);
    expect(lifeBar({ medianDays: null, lowDays: null, highDays: null })).toBeUndefined();
  });

  it('gets less as time goes by, and never less than nothing', () => {
    const life = { medianDays: 10, lowDays: 2, highDays: null };
    expect(lifeFrom(life, NOW, NOW + 3 * DAY)).toEqual({ medianDays: 7, lowDays: 0, highDays: null });
    expect(lifeFrom(life, NOW, NOW - DAY)).toEqual(life);
  });
});

const STANDING = {
  state: 'open',
  quietSince: null,
  snoozedUntil: null,
  outcome: null,
  closedAt: null,
} satisfies Partial<HealthCase>;

describe('a case', () => {
  it.each<[Partial<HealthCase>, readonly string[], string]>([
    [{}, ['order', 'find', 'snooze', 'close', 'comment'], 'open'],
    [{ quietSince: NOW - DAY }, ['order', 'find', 'snooze', 'close', 'comment'], 'open, quiet since 1972-'],
    [{ state: 'ordered' }, ['find', 'snooze', 'close', 'comment'], 'ordered'],
    [{ snoozedUntil: NOW + DAY }, ['order', 'find', 'wake', 'close', 'comment'], 'open, snoozed until'],
    [{ snoozedUntil: NOW - DAY }, ['order', 'find', 'snooze', 'close', 'comment'], 'open'],
    [{ state: 'ordered', outcome: 'confirmed' }, ['close', 'find', 'snooze', 'comment'], 'ordered, confirmed'],
    [{ state: 'closed', closedAt: NOW, outcome: 'nothing-found' }, ['reopen', 'comment'], 'nothing found'],
  ])('that is %j can be %j', (parts, operations, words) => {
    const of = { ...STANDING, ...parts };
    expect(operationsOf(of, NOW)).toEqual(operations);
    expect(stateText(of, NOW)).toContain(words);
  });

  it('is under the most urgent of those that it began with', () => {
    const group = { first: 3, count: 3, place: 'acme/north', since: NOW };
    const of = (number: number, parts: Partial<HealthCase> = {}) => ({ number, group: null, ...parts }) as HealthCase;
    const groups = caseGroups([of(5, { group }), of(9), of(3, { group }), of(4, { group })]);
    const numbers = groups.map(({ first, others }) => [first, ...others].map(({ number }) => number));
    expect(numbers).toEqual([[5, 3, 4], [9]]);
    expect(groupText(group)).toMatch(/^began with 2 others in acme\/north, 1972-/);
    expect(groupText({ ...group, count: 2 })).toMatch(/^began with another in/);
  });

  it('says so where its data were not all good', () => {
    expect(qualityText(1)).not.toContain('only');
    expect(qualityText(0.4)).toMatch(/^only 40.%/);
  });
});

const form = (parts: Partial<CaseForm>): CaseForm => ({ ...EMPTY_FORM, ...parts });

describe('an operation', () => {
  it.each<[Parameters<typeof lackOf>[0], Partial<CaseForm>, string | undefined]>([
    ['order', {}, undefined],
    ['snooze', {}, 'why it may rest'],
    ['snooze', { comment: 'waits for parts', days: Number.NaN }, '1 to 366 days'],
    ['snooze', { comment: 'waits for parts' }, undefined],
    ['close', {}, 'Nobody has recorded a finding'],
    ['close', { comment: ' ' }, 'Nobody has recorded a finding'],
    ['reopen', {}, 'why it is opened again'],
    ['comment', { comment: ' ' }, 'nothing in the comment'],
    ['find', {}, 'whether it was so'],
    ['find', { outcome: 'confirmed' }, 'what it was'],
    ['find', { outcome: 'nothing-found' }, undefined],
    ['find', { outcome: 'confirmed', failure: 'wear', at: '2026-01-02T00:00', failedAt: '2026-01-03T00:00' }, 'after'],
  ])('%s with %j lacks %s', (operation, parts, lack) => {
    const said = lackOf(operation, form(parts), { outcome: null });
    if (lack === undefined) expect(said).toBeUndefined();
    else expect(said).toContain(lack);
  });

  it('is closed without a word once there is a finding', () => {
    expect(lackOf('close', form({}), { outcome: 'confirmed' })).toBeUndefined();
  });

  it('is sent with what belongs to it alone', () => {
    const who = { number: 7, by: 'mira' };
    const filled = form({ comment: ' lip torn ', failure: 'worn-seal', repaired: true, port: 'files' });
    expect(orderOf('snooze', who, filled)).toEqual({
      ...{ number: 7, operation: 'snooze', by: 'mira', comment: 'lip torn', until: '*+336h' },
    });
    expect(orderOf('order', who, filled)).toMatchObject({ port: 'files' });
    expect(orderOf('wake', who, form({}))).toEqual({ number: 7, operation: 'wake', by: 'mira' });
    const found = orderOf('find', who, { ...filled, outcome: 'confirmed', at: '2026-01-02T03:04' }, ['a.png']);
    expect(found).toMatchObject({ outcome: 'confirmed', failure: 'worn-seal', repaired: true, photos: ['a.png'] });
    expect(Date.parse(found.at ?? '')).toBe(new Date(2026, 0, 2, 3, 4).getTime());
    // Where nothing was found there is no failure, and nothing was repaired.
    const nothing = orderOf('find', who, { ...filled, outcome: 'nothing-found', failedAt: '2026-01-02T03:04' });
    expect(Object.keys(nothing).sort()).toEqual(['by', 'comment', 'number', 'operation', 'outcome', 'photos']);
  });
});

const watch = (id: string, parts: Partial<HealthWatch>): HealthWatch =>
  ({ id, state: 'scoring', strange: false, drifting: false, unscored: null, openCase: null, ...parts }) as HealthWatch;
const list = (counts: Partial<HealthWatchList['counts']>, watches: HealthWatch[] = []) => ({
  counts: { scoring: 0, learning: 0, blind: 0, alarming: 0, all: 1, ...counts },
  watches,
});
const LEARNING = [
  watch('a', { state: 'learning', progress: 0.8, why: 'Learning: 24 of 30 days of normal operation.' }),
  watch('b', { state: 'learning', progress: 0.4, why: 'Learning: 12 of 30 days of normal operation.' }),
];

describe('watches', () => {
  it.each([
    [null, 'The server has no model of the plant.'],
    [list({ all: 0 }), 'Nothing is watched.'],
    [
      list({ scoring: 11, learning: 2 }, LEARNING),
      'Nothing is degrading. 11 watches are scored, 2 learn: 12 of 30 days.',
    ],
    [
      list({ learning: 1, blind: 1 }, LEARNING.slice(0, 1)),
      'No watch is scored yet, 1 learns: 24 of 30 days, 1 is blind.',
    ],
    [list({ scoring: 1, alarming: 1 }), 'No case is pending. 1 watch is scored.'],
  ])('%# tell what is true where there is no case', (watches, text) => {
    expect(nothingText(watches)).toContain(text);
  });

  it.each<[Partial<HealthWatch>, string, string]>([
    [{}, 'well', 'as learned'],
    [{ strange: true, drifting: true }, 'attention', 'strange, drifts'],
    [{ unscored: 'doubtful' }, 'unknown', 'data are doubtful'],
    [{ state: 'blind', strange: true }, 'unknown', 'blind'],
  ])('%j is %s: %s', (parts, state, text) => {
    expect(standingOf(watch('a', parts))).toEqual({ state, text });
  });

  it('that need somebody come first, then those that cannot see', () => {
    const all = [
      ...[watch('fine', {}), watch('learns', { state: 'learning' }), watch('blind', { state: 'blind' })],
      ...[watch('drifts', { drifting: true }), watch('case', { openCase: 3 })],
    ];
    expect(watchesInOrder(all).map(({ id }) => id)).toEqual(['drifts', 'case', 'blind', 'learns', 'fine']);
  });

  it('tell the least shift of a feature that was learned, whatever was left out before it', () => {
    const definitions = [
      { name: 'flow', unit: 'm3/h', leftOut: true },
      { name: 'leak', unit: 'L/h', leftOut: false },
    ];
    const of = { report: { leastDrifts: [5.25] }, definitions } as Parameters<typeof leastDriftText>[0];
    expect([leastDriftText(of, 'flow'), leastDriftText(of, 'leak')]).toEqual(['\u2013', '5.25 L/h']);
  });
});

const ACCOUNT: Account = {
  ...{ opened: 1, withFinding: 0, confirmed: 0, otherCause: 0, nothingFound: 0 },
  precision: { share: null, low: 0, high: 1, words: 'no finding yet' },
  ...{ lead: null, equipmentYears: 0.02, falsePerYear: 0, overdue: [] },
};

it('says of each figure of the ledger where there is too little to tell', () => {
  const none = ledgerFigures(ACCOUNT);
  expect(none.map(({ isThin }) => isThin)).toEqual([true, true, true, false]);
  expect(none.map(({ value }) => value)).toEqual(['\u2013', '\u2013', '0', '1']);
  const many = ledgerFigures({
    ...{ ...ACCOUNT, opened: 9, withFinding: 8, confirmed: 6, equipmentYears: 12, falsePerYear: 0.0833 },
    precision: { share: 0.75, low: 0.41, high: 0.93, words: '6 of 8' },
    lead: { medianDays: 30, leastDays: 4, mostDays: 90 },
  });
  expect(many.map(({ isThin }) => isThin)).toEqual([false, false, false, false]);
  expect(many.map(({ value }) => value)).toEqual(['75\u202f%', '30 d', '0.0833', '9']);
});
