import type { FeatureDrift } from '@tidegate/health/profile/assessment.ts';
import { describe, expect, it } from 'vitest';
import { crack, DAY, NOW, type StandingPlan, standing, WATCH } from '../testbed/standings.ts';
import { explainStanding } from './explainStanding.ts';

const OPTIONS = { zone: 'America/Edmonton', wearHorizonDays: 90 };
const sentences = (of: ReturnType<typeof standing>) =>
  explainStanding(of, OPTIONS).map(({ reasons }) => reasons.sentence);
const JOINT =
  'Power supply 1 of the substation: the solder joint at the output terminal cracks through thermal cycling. ' +
  'Contact resistance has risen since 3 March from 1.5 to 4.2 mOhm (limit 50)';
const WEAR =
  'Thermal cycling has used 62 % of the usual life of the solder joint of the output terminal, and 0.3 % more a day: ' +
  '812 cycles of more than 10 K since 8 January 2024.';
const HOT = { level: 31.26, evidence: 3, since: NOW - 90 * 60e6, noLife: 'The trend is too short.' };

describe('says in one sentence or two', () => {
  it.each<[string, ReturnType<typeof standing>, string[]]>([
    ['a failure that is known', crack(), [`${JOINT}; in most likely 62 days (39 to 110) it is at the limit. ${WEAR}`]],
    [
      'where a trend has no end, why',
      crack({
        drifts: {
          'contact-resistance': { ...crack().assessment.drifts[0], life: undefined, noLife: 'It slows down.' },
        },
      }),
      [`${JOINT}. ${WEAR} How long it lasts cannot be told: It slows down.`],
    ],
    ...[
      ['that what has drifted goes no further of late', -1e-6, 'it goes no further at present'] as const,
      ['that what has drifted goes back faster than it came', -1e-3, 'it is on its way back'] as const,
    ].map(([name, perDay, words]): [string, ReturnType<typeof standing>, string[]] => [
      name,
      crack({
        drifts: {
          'contact-resistance': {
            ...{ ...crack().assessment.drifts[0], perDay },
            ...{ life: undefined, noLife: 'It does not grow at present.' },
          },
        },
      }),
      [`${JOINT}; ${words}. ${WEAR} How long it lasts cannot be told: It does not grow at present.`],
    ]),
    [
      'that the limit has been reached',
      crack({ growth: 20 }),
      [`${JOINT.replace('4.2', '56')}; it is at its limit. ${WEAR}`],
    ],
    [
      'that part of the data was bad',
      crack({ assessment: { quality: 0.834, mode: -1 } }),
      [
        `${JOINT}; in most likely 62 days (39 to 110) it is at the limit. ${WEAR} ` +
          'Only 83 % of the data behind this are good.',
      ],
    ],
    [
      'what else drifts with it',
      crack({
        drifts: {
          'contact-resistance': crack().assessment.drifts[0],
          'voltage-residual': { level: -0.104, evidence: 1.2 },
        },
      }),
      [
        `${JOINT}; in most likely 62 days (39 to 110) it is at the limit. ` +
          `Voltage residual has fallen from 0 to -104 mV. ${WEAR}`,
      ],
    ],
    [
      'what drifts where no failure fits, without a cause',
      standing({ drifts: { 'case-temperature': { ...HOT, level: 14.2 } } }),
      [
        'Power supply 1 of the substation: no failure that is described for it fits, but case temperature has fallen since ' +
          '04:30 today from 20.0 to 14.2 °C. How long it lasts cannot be told: The trend is too short.',
      ],
    ],
    [
      'that a step is none of wear',
      standing({
        drifts: {
          'contact-resistance': {
            ...{ level: 1.5, evidence: 50, since: NOW - 9 * DAY, noLife: 'It is a step and no trend.' },
            step: { at: NOW - 9 * DAY, from: 0.0015, to: 1.5, conversion: 'a factor of 1000' },
          },
        },
      }),
      [
        'Power supply 1 of the substation: contact resistance changed at once on 1 May from 0.0015 to 1.5 Ohm, and has stayed there. ' +
          'A change of units does that: a factor of 1000. ' +
          'Another sensor, range, unit or part looks like this, wear does not: look there first.',
      ],
    ],
    [
      'which readings are strange',
      standing({
        assessment: { strange: true, score: 6 },
        contributions: { 'voltage-residual': 3, 'case-temperature': 2, 'contact-resistance': 0.1 },
        row: { 'voltage-residual': 0.31, 'case-temperature': 12.04 },
      }),
      [
        'Power supply 1 of the substation: its readings do not go together as they used to, above all voltage residual ' +
          '(310 mV, usually 0 V; 59 % of it) and case temperature (12 °C, usually 20 °C; 39 % of it). ' +
          'No failure that is described for it fits so far.',
      ],
    ],
    [
      'what strange readings look like',
      standing({
        assessment: { strange: true, score: 6 },
        contributions: { 'contact-resistance': 3 },
        row: { 'contact-resistance': 0.0042 },
        drifts: { 'contact-resistance': { level: 0.0017, evidence: 0.7 } },
      }),
      [
        'Power supply 1 of the substation: it looks as when the solder joint at the output terminal cracks: its readings do not ' +
          `go together as they used to, above all contact resistance (4.2 mOhm, usually 1.5 mOhm; 100 % of it). ${WEAR}`,
      ],
    ],
    [
      'no failure where readings are strange at once, and that it never ran like that',
      standing({
        assessment: { strange: true, score: 6, mode: -1 },
        contributions: { 'contact-resistance': 3 },
        row: { 'contact-resistance': 1.5 },
      }),
      [
        'Power supply 1 of the substation: its readings do not go together as they used to, above all contact resistance ' +
          '(1.5 Ohm, usually 1.5 mOhm; 100 % of it). No failure that is described for it fits so far. ' +
          'It runs in a way that was not there while its normal was learned.',
      ],
    ],
    [
      'that a part is worn, though nothing shows',
      standing({
        assessment: { quality: 0, unscored: 'missing' },
        fatigue: { life: { medianDays: 120, lowDays: 60, highDays: 400 } },
      }),
      [
        `Power supply 1 of the substation: t${WEAR.slice(1)} Most likely 120 days (60 to 400) are left. No reading shows it yet.`,
      ],
    ],
    [
      'two troubles apart',
      crack({
        drifts: {
          'contact-resistance': crack().assessment.drifts[0],
          'case-temperature': HOT,
          'voltage-residual': { level: -0.1, evidence: 0.6 },
        },
      }),
      [
        'Power supply 1 of the substation: the fan does not turn. Case temperature has risen since 04:30 today from 20 to 31 °C. ' +
          'How long it lasts cannot be told: The trend is too short.',
        `${JOINT}; in most likely 62 days (39 to 110) it is at the limit. ${WEAR}`,
      ],
    ],
  ])('%s', (_what, of, expected) => expect(sentences(of)).toEqual(expected));
});

describe('raises nothing', () => {
  it.each<[string, StandingPlan]>([
    ['where all is as it was', {}],
    ['over doubtful data', { assessment: { unscored: 'doubtful', drifting: true, strange: true } }],
    ['over a row without all values', { assessment: { unscored: 'missing', drifting: true } }],
    ['before it has warmed up', { assessment: { unscored: 'warming-up', strange: true } }],
    ['of wear that lasts', { fatigue: { life: { medianDays: 400, lowDays: 91, highDays: 900 } } }],
    [
      'of wear over doubtful data',
      { assessment: { unscored: 'doubtful' }, fatigue: { life: { medianDays: 40, lowDays: 9, highDays: 90 } } },
    ],
  ])('%s', (_what, plan) => expect(explainStanding(standing(plan), OPTIONS)).toEqual([]));

  it('of a drift over doubtful data', () => {
    expect(explainStanding(crack({ assessment: { unscored: 'doubtful' } }), OPTIONS)).toEqual([]);
  });
});

it('says what to do and bring, how bad it is, and in which way of running', () => {
  expect(explainStanding(crack(), OPTIONS)).toMatchObject([
    {
      ...{ severity: 'major', action: 'Solder the joint again.', bring: ['soldering iron', 'spare supply'] },
      ...{ life: { medianDays: 62 }, noLife: undefined },
      reasons: { kind: 'drift', failure: 'solder-crack', mode: 'carrying current, in learned mode 1' },
    },
  ]);
});

it('leaves a beginning where it was told first', () => {
  const beginnings = new Map([['contact-resistance', NOW - 100 * DAY]]);
  const [told] = explainStanding(crack(), { ...OPTIONS, beginnings });
  expect([told.since, told.reasons.signs[0].since]).toEqual([NOW - 100 * DAY, NOW - 100 * DAY]);
  const later = new Map([
    ['contact-resistance', NOW - DAY],
    ['voltage-residual', Number.NaN],
  ]);
  expect(explainStanding(crack(), { ...OPTIONS, beginnings: later })).toEqual(explainStanding(crack(), OPTIONS));
});

it('does not name a failure of which a sign goes the other way', () => {
  const falling = standing({ drifts: { 'contact-resistance': { level: 0.0005, evidence: 2 } } });
  expect(explainStanding(falling, OPTIONS)).toMatchObject([{ reasons: { failure: undefined, kind: 'drift' } }]);
});

describe('of two failures that share a sign, names', () => {
  const [crackMode, fanStuck] = WATCH.failures;
  const sensor = { ...fanStuck, name: 'sensor-drift', signs: [{ feature: 'case-temperature', goes: 'up' as const }] };
  const hot = { level: 31, evidence: 2 };
  const named = (voltage: Partial<FeatureDrift>) => {
    const failures = [crackMode, fanStuck, sensor];
    const of = standing({ watch: { failures }, drifts: { 'case-temperature': hot, 'voltage-residual': voltage } });
    return explainStanding(of, OPTIONS).map(({ reasons }) => reasons.failure);
  };

  it.each<[string, Partial<FeatureDrift>, (string | undefined)[]]>([
    ['the one that claims no more, where the rest is still', { level: -0.02, evidence: 0.1 }, ['sensor-drift']],
    ['the one that claims what is half proven', { level: -0.1, evidence: 0.5 }, ['fan-stuck']],
    ['the one that claims all that is proven', { level: -0.3, evidence: 1.5 }, ['fan-stuck']],
    ['not the one of which a sign goes the other way', { level: 0.3, evidence: 1.5 }, ['sensor-drift']],
    [
      'not the one of which a sign changed at once, which is told by itself',
      { level: -0.3, evidence: 1.5, step: { at: NOW, from: 0, to: -0.3, conversion: undefined } },
      ['sensor-drift', undefined],
    ],
  ])('%s', (_what, voltage, failures) => expect(named(voltage)).toEqual(failures));
});
