import { ALARM_PRIORITIES } from '@tidegate/core/alarm/alarmRecord.ts';
import type { Alarm } from '@tidegate/platform/northbound/contract/alarm.ts';
import { describe, expect, it } from 'vitest';
import { alarmWords, countPriorities, listAlarms, newUrgent, spokenAlarms, unacknowledgedCounts } from './alarmList.ts';
import { intentOf, outcomeOf, whyNot } from './alarmOrder.ts';
import { operationsOf, stateWords } from './alarmState.ts';
import { alarmMove } from './list/alarmKeys.ts';
import { alarmSpan, lastActivation } from './list/alarmSpan.ts';

const alarm = (name: string, priority: Alarm['priority'], state: string, parts: Partial<Alarm> = {}): Alarm => ({
  ...{ name, priority, state, origin: 'server', condition: 'high', message: `${name} above 80`, since: 1_000 },
  active: !state.includes('returned') && state !== 'normal',
  ...parts,
});

const ALARMS = [
  alarm('a/pump/flow/low', 'low', 'unacknowledged', { message: 'a/pump/flow below 3 m3/h' }),
  alarm('a/pump/oil/low', 'critical', 'normal'),
  alarm('a/fan/speed/high', 'high', 'acknowledged', { by: 'mira', comment: 'belt is loose' }),
  alarm('a/fan/heat/high', 'high', 'returned-unacknowledged', { since: 2_000 }),
  alarm('b/fan/heat/high', 'medium', 'unacknowledged', { origin: 'north-1' }),
];
const names = (alarms: readonly Alarm[]) => alarms.map(({ name }) => name);

it('puts what needs somebody first, then the urgent, then the new', () => {
  expect(names(listAlarms(ALARMS, { priority: undefined, text: '' }))).toEqual([
    ...['a/fan/heat/high', 'a/fan/speed/high', 'b/fan/heat/high', 'a/pump/flow/low', 'a/pump/oil/low'],
  ]);
});

it.each([
  ['high', '', ['a/fan/heat/high', 'a/fan/speed/high']],
  [undefined, 'FAN heat', ['a/fan/heat/high', 'b/fan/heat/high']],
  [undefined, 'belt', ['a/fan/speed/high']],
  [undefined, 'north-1', ['b/fan/heat/high']],
  ['low', 'heat', []],
] as const)('finds alarms of priority %s with "%s" in them', (priority, text, expected) => {
  expect(names(listAlarms(ALARMS, { priority, text }))).toEqual(expected);
});

it('counts by priority what nobody has acknowledged', () => {
  expect(unacknowledgedCounts(ALARMS)).toEqual([
    ['high', 1],
    ['medium', 1],
    ['low', 1],
  ]);
  expect(countPriorities([])).toEqual([]);
});

it.each([
  ['tells a path of its message once', ALARMS[0], 'a/pump', 'flow below 3 m3/h'],
  ['keeps a message in words', alarm('a/x/y', 'low', 'normal', { message: 'too hot' }), 'a/x/y', 'too hot'],
  ['takes the name where there is no message', alarm('a/x/y', 'low', 'normal', { message: '' }), 'a/x', 'y'],
  ['has no place without a path', alarm('hot', 'low', 'normal', { message: '' }), '', 'hot'],
  [
    'knows a path with blanks by what is watched',
    alarm('n', 'low', 'normal', { message: 'a b/c d above 3', subject: { kind: 'tag', path: 'a b/c d' } }),
    ...['a b', 'c d above 3'],
  ],
])('%s', (_, of, place, words) => {
  expect(alarmWords(of)).toEqual({ place, words });
});

describe('news', () => {
  const hot = alarm('hot', 'critical', 'unacknowledged');
  it.each([
    ['what was there', [hot], [hot], []],
    ['what has come', [], [hot], ['hot']],
    ['what has come again', [hot], [{ ...hot, since: 2_000 }], ['hot']],
    ['what was acknowledged and has come again', [{ ...hot, state: 'acknowledged' }], [hot], ['hot']],
    ['what has gone', [hot], [], []],
    ['what is not urgent', [], [ALARMS[0]], []],
  ])('%s', (_, before, now, expected) => {
    expect(names(newUrgent(before, now))).toEqual(expected);
  });

  it('is told one by one, and by number where there is much of it', () => {
    expect(spokenAlarms([hot])).toBe('New critical alarm: hot above 80.');
    expect(spokenAlarms([hot, hot, alarm('x', 'high', 'unacknowledged')])).toBe('New alarms: 2 critical, 1 high.');
  });
});

it.each([
  ['unacknowledged', 'server', ['acknowledge', 'shelve', 'remove-from-service']],
  ['latched-acknowledged', 'server', ['reset', 'shelve', 'remove-from-service']],
  ['shelved', 'server', ['unshelve', 'shelve', 'remove-from-service']],
  ['out-of-service', 'server', ['return-to-service']],
  ['unacknowledged', 'north-1', []],
  ['a state of elsewhere', 'server', []],
])('an alarm that is %s, of %s, can be: %j', (state, origin, expected) => {
  expect(operationsOf({ state, origin })).toEqual(expected);
});

const NOON_MS = new Date(2026, 0, 31, 12).getTime();
it.each([
  ['returned-unacknowledged', {}, 'gone, not acknowledged'],
  ['shelved', { until: (NOON_MS + 900_000) * 1_000 }, 'shelved until 12:15:00 (15 min more)'],
  ['unknown', { active: false }, 'gone'],
  ['inhibited', {}, 'inhibited'],
])('%s is said: %s', (state, parts, words) => {
  expect(stateWords(alarm('x', 'low', state, parts), NOON_MS)).toBe(words);
});

describe('an operation', () => {
  it('is meant for those alarms that it makes sense with', () => {
    expect(intentOf('acknowledge', ALARMS)).toEqual({
      ...{ operation: 'acknowledge', alarms: ['a/pump/flow/low', 'a/fan/heat/high'] },
    });
    expect(intentOf('reset', ALARMS)).toBeUndefined();
  });

  it.each([
    ['nothing chosen', [], /No alarm is chosen/],
    ['an alarm of a gateway', [ALARMS[4]], /north-1 are operated at their site only: nothing goes back/],
    ['an alarm that is normal', [ALARMS[1]], /Acknowledge makes no sense as this alarm stands/],
  ])('says why it is not done: %s', (_, alarms, why) => {
    expect(whyNot('acknowledge', alarms)).toMatch(why);
  });

  it.each([
    ['acknowledge', 1, undefined, 'x-0 acknowledged.'],
    ['acknowledge', 3, undefined, '3 alarms acknowledged.'],
    ['shelve', 1, 'unshelve', 'x-0 shelved until 12:15.'],
    ['remove-from-service', 2, 'return-to-service', '2 alarms taken out of service.'],
    ['reset', 0, undefined, 'Nothing was done.'],
  ] as const)('%s of %i alarms can be taken back by %s: %s', (operation, count, undo, text) => {
    const until = operation === 'shelve' ? { until: (NOON_MS + 900_000) * 1_000 } : {};
    const done = Array.from({ length: count }, (_, at) => alarm(`x-${at}`, 'low', 'shelved', until));
    const refused = [{ name: 'y', code: 'alarm.refused', detail: 'y is not shelved.' }];
    expect(outcomeOf({ operation, alarms: [] }, { done, refused })).toEqual({
      ...{ text, refused: ['y is not shelved.'] },
      undo: undo && { operation: undo, alarms: names(done) },
    });
  });
});

it.each([
  ['ArrowDown', 3, { kind: 'go', row: 4 }],
  ['ArrowDown', 4, { kind: 'go', row: 4 }],
  ['PageUp', 3, { kind: 'go', row: 0 }],
  ['End', 0, { kind: 'go', row: 4 }],
  ['A', 0, { kind: 'operate', operation: 'acknowledge' }],
  ['s', 0, { kind: 'operate', operation: 'shelve' }],
  [' ', 0, { kind: 'select' }],
  ['Escape', 0, { kind: 'close' }],
  ['x', 0, undefined],
])('the key %s in row %i means %j', (key, row, move) => {
  expect(alarmMove(key, row, 5)).toEqual(move);
});

const MIN = 60_000;
it.each([
  ['one that has just come', 0, [-15 * MIN, MIN]],
  ['one of a while ago', 20 * MIN, [-15 * MIN, 20 * MIN]],
  ['one of yesterday', 1_440 * MIN, [-15 * MIN, 45 * MIN]],
])('shows %s in its time', (_, nowMs, span) => {
  expect(alarmSpan(0, nowMs)).toEqual(span);
  expect(
    lastActivation([
      { happening: 'acknowledged', time: 3 },
      { happening: 'activated', time: 2 },
    ]),
  ).toBe(2);
});

it('gives every priority a mark of its own', () => {
  expect(new Set(ALARM_PRIORITIES.map(([letter]) => letter)).size).toBe(ALARM_PRIORITIES.length);
});
