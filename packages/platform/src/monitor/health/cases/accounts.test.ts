import { describe, expect, it } from 'vitest';
import { openedCase } from './alertedCase.ts';
import { caseLedger } from './caseLedger.ts';
import type { WatchedDays } from './caseStore.ts';
import { explainStanding } from './explain/explainStanding.ts';
import type { Finding, HealthCase } from './healthCase.ts';
import { excludedPeriods, labelsOf, lastRepair } from './labels.ts';
import { crack, DAY, NOW, WATCH as WATCHED } from './testbed/standings.ts';
import { wilsonInterval } from './wilsonInterval.ts';

const [EVIDENCE] = explainStanding(crack(), { zone: 'UTC', wearHorizonDays: 90 });
const WATCH = 'PSU-1/output-joint';

/** A case that was opened on a day, degraded for ten days before, with what was found on another; days are from `NOW`. */
function caseOf(
  number: number,
  openedDay: number,
  {
    found,
    closed,
    watch = WATCH,
    ...finding
  }: Partial<Finding> & { found?: number; closed?: number; watch?: string } = {},
): HealthCase {
  const at = (day: number) => NOW + day * DAY;
  const times = { openedAt: at(openedDay), since: at(openedDay - 10), lastAlertAt: at(openedDay) };
  const outcome = finding.outcome ?? 'confirmed';
  return {
    ...openedCase({ watch: WATCHED, model: 1, time: NOW, evidence: EVIDENCE }, { similar: [], beganWith: undefined }),
    ...{ number, watch, ...times },
    ...(closed === undefined ? {} : { state: 'closed', closedAt: at(closed) }),
    finding:
      found === undefined
        ? undefined
        : {
            ...{ outcome, failure: outcome === 'nothing-found' ? undefined : 'solder-crack', notes: '' },
            ...{ repaired: false, photos: [], by: 'Ada', ...finding, at: at(found) },
          },
  };
}

describe('labels', () => {
  it('are the times from the beginning to the finding, with what it was', () => {
    const cases = [
      caseOf(3, 50),
      caseOf(2, 30, { found: 33, outcome: 'nothing-found' }),
      caseOf(1, 0, { found: 5, failure: 'loose screw', outcome: 'other-cause' }),
    ];
    const days = (time: number) => (time - NOW) / DAY;
    expect(labelsOf(cases).map((label) => ({ ...label, start: days(label.start), end: days(label.end) }))).toEqual([
      {
        case: 1,
        watch: WATCH,
        asset: 'PSU-1',
        start: -10,
        end: 5,
        outcome: 'other-cause',
        failure: 'loose screw',
        by: 'Ada',
      },
      {
        case: 2,
        watch: WATCH,
        asset: 'PSU-1',
        start: 20,
        end: 33,
        outcome: 'nothing-found',
        failure: undefined,
        by: 'Ada',
      },
    ]);
  });

  it.each<[string, HealthCase[], [number, number, string][]]>([
    ['an open case until now', [caseOf(1, 0)], [[-10, 100, 'case 1, not closed yet']]],
    ['a closed one until it was closed', [caseOf(1, 0, { closed: 20 })], [[-10, 20, 'case 1, without a finding']]],
    [
      'what was confirmed and not repaired until now',
      [caseOf(1, 0, { found: 5, closed: 5 })],
      [[-10, 100, 'case 1: solder-crack']],
    ],
    [
      'another cause until it was closed',
      [caseOf(1, 0, { found: 5, closed: 7, outcome: 'other-cause', failure: 'loose screw' })],
      [[-10, 7, 'case 1: loose screw']],
    ],
    ['nothing where nothing was found', [caseOf(1, 0, { found: 5, closed: 5, outcome: 'nothing-found' })], []],
    [
      'all that was before a repair, and nothing after it',
      [caseOf(1, 0, { found: 5, closed: 5 }), caseOf(2, 30, { found: 40, closed: 40, repaired: true })],
      [
        [-100, 40, 'before the repair of case 2'],
        [40, 100, 'case 1: solder-crack'],
      ],
    ],
    ['nothing of another watch', [caseOf(1, 0, { watch: 'PSU-2/output-joint' })], []],
    ['nothing that is over', [caseOf(1, -300, { closed: -200 })], []],
  ])('leave out of learning %s', (_what, cases, expected) => {
    const periods = excludedPeriods(cases, WATCH, NOW - 100 * DAY, NOW + 100 * DAY);
    const days = periods.map(({ start, end, reason }) => [(start - NOW) / DAY, (end - NOW) / DAY, reason]);
    expect(days).toEqual(expected);
  });

  it('know the last repair', () => {
    const cases = [
      caseOf(1, 0, { found: 9, repaired: true }),
      caseOf(2, 20, { found: 29, repaired: true }),
      caseOf(3, 50),
    ];
    expect(lastRepair(cases, WATCH)).toBe(NOW + 29 * DAY);
    expect(lastRepair(cases, 'PSU-2/output-joint')).toBeUndefined();
  });
});

it.each([
  [0, 0, 0, 1],
  [3, 4, 0.3006, 0.9544],
  [0, 10, 0, 0.2775],
  [10, 10, 0.7225, 1],
  [81, 263, 0.2553, 0.3662],
])('%i of %i: %d to %d', (hits, all, low, high) => {
  const interval = wilsonInterval(hits, all);
  expect(interval[0]).toBeCloseTo(low, 4);
  expect(interval[1]).toBeCloseTo(high, 4);
});

describe('the account', () => {
  const YEAR = { start: NOW, end: NOW + 365 * DAY, now: NOW + 365 * DAY };
  const judged: WatchedDays[] = [
    { watch: WATCH, asset: 'PSU-1', days: 365 },
    { watch: 'PSU-1/fan', asset: 'PSU-1', days: 300 },
    { watch: 'PSU-2/output-joint', asset: 'PSU-2', days: 365.5 },
  ];

  it('says how often it was right, how early, how often for nothing, and what nobody has looked at', () => {
    const cases = [
      caseOf(1, 0, { found: 60 }),
      caseOf(2, 10, { found: 50, failedAt: NOW + 30 * DAY }),
      caseOf(3, 20, { found: 31 }),
      caseOf(4, 30, { found: 33, outcome: 'nothing-found', watch: 'PSU-2/output-joint' }),
      caseOf(5, 300),
      caseOf(6, 340),
      caseOf(7, -1, { found: 3 }),
    ];
    const { overall, watches } = caseLedger(cases, judged, YEAR);
    expect(overall).toMatchObject({
      ...{ opened: 6, withFinding: 4, confirmed: 3, otherCause: 0, nothingFound: 1, overdue: [5] },
      lead: { medianDays: 20, leastDays: 11, mostDays: 60 },
      precision: { share: 0.75, words: '3 of 4, too few to say' },
    });
    expect(overall.equipmentYears).toBeCloseTo(2, 3);
    expect(overall.falsePerYear).toBeCloseTo(0.5, 3);
    expect([...watches.keys()]).toEqual(['PSU-1/fan', WATCH, 'PSU-2/output-joint']);
    expect(watches.get('PSU-1/fan')).toMatchObject({
      opened: 0,
      falsePerYear: 0,
      precision: { words: 'no finding yet' },
    });
    expect(watches.get('PSU-2/output-joint')).toMatchObject({ opened: 1, nothingFound: 1, precision: { share: 0 } });
  });

  it('gives a share with its interval when there are enough', () => {
    const cases = Array.from({ length: 15 }, (_, at) =>
      caseOf(at, at, { found: at + 20, outcome: at < 12 ? 'confirmed' : 'nothing-found' }),
    );
    const { precision, lead } = caseLedger(cases, judged, YEAR).overall;
    expect(precision.words).toBe('12 of 15 confirmed: 80 % (55 to 93 %)');
    expect(lead).toEqual({ medianDays: 20, leastDays: 20, mostDays: 20 });
  });

  it('of nothing says that there is nothing', () => {
    const { overall } = caseLedger([], [], YEAR);
    expect(overall).toMatchObject({ opened: 0, equipmentYears: 0, precision: { share: Number.NaN, low: 0, high: 1 } });
    expect([overall.falsePerYear, overall.lead]).toEqual([Number.NaN, undefined]);
  });
});
