import { expect, it } from 'vitest';
import { formatCase, formatCases } from './caseText.ts';
import type { CaseDetail, FleetDetail, FleetEstimate, ShownCase } from './healthAnswers.ts';
import { lifeText } from './lifeText.ts';
import { formatFleet, formatFleets } from './livesText.ts';
import { sparkline } from './sparkline.ts';

it.each([
  ['between what is normal and the limit', [1, 2, 5, 9], 1, 9, '▁▂▅█'],
  ['towards a low limit', [9, 5, 1], 9, 1, '▁▅█'],
  ['beyond both', [-3, 40], 0, 10, '▁█'],
  ['by its own range, with what is missing', [null, 0, 7, null], undefined, undefined, ' ▁█ '],
  ['that never changes', [3, 3, 3], undefined, undefined, '▁▁▁'],
  ['of nothing', [null, null], undefined, undefined, '  '],
] as const)('a course %s', (_what, values, bottom, top, line) => {
  expect(sparkline(values, bottom, top)).toBe(line);
});

it.each([
  [{ medianDays: 12.4, lowDays: 4.04, highDays: 40 }, null, '12 days (4 to 40)'],
  [{ medianDays: 1, lowDays: 0.2, highDays: null }, null, '1 day (0.2 to no end)'],
  [{ medianDays: null, lowDays: 30, highDays: null }, null, 'more than 30 days'],
  [{ medianDays: null, lowDays: null, highDays: null }, null, 'no end in sight'],
  [null, 'There is no limit.', 'not known: There is no limit.'],
  [null, null, 'not known'],
] as const)('what is left: %o %s', (life, noLife, text) => expect(lifeText(life, noLife)).toBe(text));

const AT = Date.parse('2026-05-04T06:00:00Z') * 1_000;
const SHOWN: ShownCase = {
  ...{
    number: 7,
    state: 'open',
    rank: 1,
    rankReason: 'major (weight 10)',
    group: { count: 38, place: 'acme', since: AT },
    watch: { name: 'seal' },
    asset: { path: 'acme/p1' },
  },
  ...{ sentence: 'The seal wears.', failure: 'worn-seal', severity: 'major', consequence: 'the hall is flooded' },
  ...{
    since: AT + 0.4,
    openedAt: AT,
    lastAlertAt: AT,
    closedAt: null,
    quality: 0.97,
    quietSince: null,
    snoozedUntil: null,
    outcome: null,
  },
  ...{ life: { medianDays: 12, lowDays: 4, highDays: 40 }, noLife: null },
};

it('cases stand below each other, each with its sentence and the reason of its rank', () => {
  const closed = {
    ...SHOWN,
    number: 5,
    state: 'closed',
    rank: null,
    rankReason: null,
    group: null,
    outcome: 'nothing-found',
    life: null,
  };
  const counts = { open: 1, ordered: 0, snoozed: 0, closed: 3 };
  expect(formatCases({ cases: [SHOWN, closed], total: 4, counts })).toBe(
    'rank  no.  severity  left               asset    state                   since\n' +
      '   1    7  major     12 days (4 to 40)  acme/p1  open                    2026-05-04T06:00:00Z\n' +
      '      The seal wears.\n      ranked by: major (weight 10)\n' +
      '      began with 37 others in acme, 2026-05-04T06:00:00Z\n' +
      '   -    5  major     not known          acme/p1  closed (nothing-found)  2026-05-04T06:00:00Z\n' +
      '      The seal wears.\n' +
      '2 more match (--limit).\n1 open, 0 ordered, 0 of them snoozed; 3 closed\n',
  );
  expect(formatCases({ cases: [], total: 0, counts: { ...counts, open: 0 } })).toMatch(/^No such case\.\n0 open/);
});

const ESTIMATE: FleetEstimate = {
  ...{ lives: 'seal-life', asset: { path: 'acme/p1' }, ageDays: 60, horizonDays: 180, quality: 0.82, sentence: '' },
  ...{ life: { medianDays: 22, lowDays: 13, highDays: 180 }, noLife: null },
  reasons: [{ feature: 'leak', days: -31.2 }],
  similar: [{ asset: { path: 'acme/p5' }, number: 2, leftDays: 25 }],
};
const FLEET: FleetDetail = {
  ...{ name: 'seal-life', type: 'pump', description: '', failure: 'worn-seal', horizonDays: 180, assets: 12 },
  counts: { failed: 11, replaced: 1, running: 11 },
  model: {
    ...{ number: 2, learnedAt: AT, by: 'ada', method: 'signals', lives: 12, failures: 11 },
    backtest: { lives: 11, errorDays: 14.2, errorDaysOfAges: 41, coverage: 0.91 },
  },
  ...{ outdated: false, learning: false, refused: null },
  card: { notes: ['Young.'], signals: ['leak'], settings: [], weibull: { shape: 5.1, scaleDays: 330 } },
};

it('lives tell what each has left, and how far off that is', () => {
  const none = { ...FLEET, name: 'motor-life', model: null, refused: '2 lives ended by failure.' };
  expect(formatFleets({ lives: [FLEET, none] })).toMatch(
    /\nseal-life +12 of pump +11 failed, 1 replaced, 11 go on +signals +14 days +told\nmotor-life .* - +- +2 lives ended by failure\.\n$/,
  );
  expect(formatFleets({ lives: [] })).toContain('has no lives');
  const refused = {
    ...ESTIMATE,
    asset: { path: 'acme/p2' },
    life: null,
    noLife: 'It failed.',
    reasons: [],
    similar: [],
  };
  const text = formatFleet(FLEET, [ESTIMATE, { ...refused, ageDays: null, quality: null }]);
  expect(text).toMatch(/^seal-life: until worn-seal, told up to 180 days; told\n\n/);
  expect(text).toMatch(
    /acme\/p1 +22 days \(13 to over 180\) +60 days +leak -31\.2 d +acme\/p5, life 2: 25 days then +82 %\n/,
  );
  expect(text).toMatch(/acme\/p2 +not known: It failed\. +- +- +- +-\n/);
  expect(text).toContain(
    '11 lives: off by 14 days in the mean (by ages alone 41 days), within the interval in 91 %\n! Young.\n',
  );
});

it('a case tells why, where, and what was done', () => {
  const sign = { feature: 'leak', unit: 'L/h', now: 30, normal: 5, since: AT, perDay: 2.5, limit: 60, proven: true };
  const whole: CaseDetail = {
    ...{ ...SHOWN, action: 'change the seal', bring: ['a seal'], isolations: ['close the valves'] },
    site: { where: 'hall', access: 'key at the gate' },
    fleet: [ESTIMATE],
    reasons: {
      kind: 'drift',
      mode: null,
      signs: [sign],
      fatigue: [],
      similar: [{ number: 3, likeness: 0.912, outcome: 'confirmed' }],
    },
    orders: [{ reference: null, trouble: 'no answer', port: 'files', by: 'mira', at: AT }],
    ...{ finding: null, photos: [], history: [{ at: AT, what: 'opened', by: 'tidegate', why: 'it leaks' }] },
  };
  const course = { feature: 'leak', mean: [5, 5, 20, 30, 59], normal: null, limit: null };
  const text = formatCase(whole, { signs: [course] });
  expect(text).toContain('case 7 is open, rank 1: major (weight 10)\nThe seal wears.\n');
  expect(text).toContain('  left       12 days (4 to 40)\n');
  expect(text).toMatch(
    /leak {5}▁▁▃▄█ {4}30 {7}5 {5}60 {2}L\/h {3}since 2026-05-04T06:00:00Z, \+2\.5 a day of late {2}proven\n/,
  );
  expect(text).toContain('\nothers like it\n  seal-life: 22 days (13 to over 180)\n');
  expect(text).toContain('\nisolate\n  close the valves\n');
  expect(text).toContain('\ncases like it\n  case 3 (91 %): confirmed\n');
  expect(text).toContain('  2026-05-04T06:00:00Z  files: not taken yet: no answer, by mira\n');
  expect(text).toMatch(/\nhistory\n {2}2026-05-04T06:00:00Z {2}opened by tidegate: it leaks\n$/);
  expect(text).not.toContain('photos');
});
