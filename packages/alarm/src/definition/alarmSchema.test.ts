import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONDITION_KINDS } from '../condition/condition.ts';
import { defineAlarm, subjectsOf } from './alarmDefinition.ts';
import { alarmNameDefect, alarmTagPath } from './alarmName.ts';
import { alarmSchema } from './alarmSchema.ts';
import { priorityFrom, SEVERITIES } from './priorityMatrix.ts';

const REASONS = {
  cause: 'cooler fouled',
  consequence: 'the discharge hose ages',
  severity: 'major',
  action: 'wash the cooler',
  responseTime: '10min',
};
const HIGH = { tag: 'acme/t-1', condition: 'high', limit: 120, rationalisation: REASONS };
const { rationalisation: _reasons, ...BARE } = HIGH;

/** What is wrong with an entry, by the place of each. */
function defectsOf(entry: object): Record<string, string> {
  const parsed = alarmSchema.safeParse(entry);
  if (parsed.success) return {};
  return Object.fromEntries(parsed.error.issues.map(({ path, message }) => [path.join('.'), message]));
}

const SOUND: readonly object[] = [
  HIGH,
  { ...HIGH, attribute: 'driver/speed', tag: undefined },
  { ...BARE, exception: 'asked for by the insurer', priority: 'low' },
  { ...HIGH, priority: 'low', exception: 'agreed with operations on 3 May' },
  { ...HIGH, condition: 'rate-of-rise', limit: 5, over: '1min', deadband: 1, onDelay: '5s', offDelay: '10s' },
  { ...HIGH, condition: 'deviation', limit: 5, setPoint: 'acme/t-1-set' },
  { ...HIGH, condition: 'discrete', limit: undefined, equals: 'tripped' },
  { ...HIGH, condition: 'discrepancy', limit: undefined, command: 'acme/v-1-command' },
  { ...HIGH, condition: 'stale', limit: undefined, for: '5min' },
  { ...HIGH, condition: 'bad-quality', limit: undefined },
  { ...HIGH, condition: 'cusum', limit: 5, baseline: '1d', minSigma: 0.1 },
  {
    ...HIGH,
    suppressWhile: [
      { tag: 'acme/state', equals: 'starting', hold: '1min' },
      { tag: 'acme/speed', below: 100 },
    ],
  },
];

describe('what is sound', () => {
  it.each(SOUND)('%j', (entry) => expect(defectsOf(entry)).toEqual({}));
  it('has every kind of condition but those that are others of one kind', () => {
    const kinds = new Set(SOUND.map((entry) => (entry as typeof HIGH).condition));
    const others = ['high-high', 'low', 'low-low', 'rate-of-fall', 'z-score', 'ewma'];
    expect([...kinds, ...others].sort()).toEqual([...CONDITION_KINDS].sort());
  });
});

describe('what is not', () => {
  it.each<[string, object, Record<string, RegExp>]>([
    ['no reasons', BARE, { rationalisation: /not rationalised/ }],
    ['an exception without a priority', { ...BARE, exception: 'later' }, { priority: /has no priority/ }],
    ['a priority of its own', { ...HIGH, priority: 'low' }, { priority: /does not follow from/ }],
    ['an empty reason', { ...HIGH, rationalisation: { ...REASONS, action: ' ' } }, { 'rationalisation.action': /./ }],
    ['no limit', { ...HIGH, limit: undefined }, { limit: /of the kind high needs "limit"/ }],
    ['a field of another kind', { ...HIGH, over: '1min' }, { over: /means nothing for the kind high/ }],
    [
      'a delay of stale data',
      { ...HIGH, condition: 'stale', limit: undefined, for: '1min', onDelay: '1s' },
      { onDelay: /means nothing/ },
    ],
    ['no subject', { ...HIGH, tag: undefined }, { tag: /what it watches/ }],
    ['two subjects', { ...HIGH, attribute: 'a' }, { attribute: /a tag and an attribute/ }],
    [
      'a deadband that never ends',
      { ...HIGH, condition: 'deviation', setPoint: 5, limit: 2, deadband: 2 },
      { deadband: /would never end/ },
    ],
    [
      'a limit that is always passed',
      { ...HIGH, condition: 'deviation', setPoint: 5, limit: 0 },
      { limit: /does not change/ },
    ],
    ['a time without a unit', { ...HIGH, onDelay: 5 }, { onDelay: /with its unit/ }],
    ['no time at all', { ...HIGH, maxShelving: '0s' }, { maxShelving: /no time at all/ }],
    ['a name of a system tag', { ...HIGH, name: 'a/_b' }, { name: /begins with "_"/ }],
    [
      'a suppression without a state',
      { ...HIGH, suppressWhile: [{ tag: 'a/b' }] },
      { 'suppressWhile.0.equals': /in which state/ },
    ],
    [
      'a suppression by nothing',
      { ...HIGH, suppressWhile: [{ above: 1 }] },
      { 'suppressWhile.0.tag': /does not say which/ },
    ],
    ['a misspelt key', { ...HIGH, limitt: 5 }, { '': /Unrecognized/ }],
  ])('%s', (_case, entry, expected) => {
    const found = defectsOf(entry);
    expect(Object.keys(found)).toEqual(Object.keys(expected));
    for (const [place, message] of Object.entries(expected)) expect(found[place]).toMatch(message);
  });
});

it('is complete with what follows from it', () => {
  const suppressWhile = [{ tag: 'acme/state', equals: 'starting', after: '1s', hold: '1min' }];
  const entry = alarmSchema.parse({
    ...HIGH,
    suppressWhile,
    condition: 'deviation',
    limit: 5,
    setPoint: 'acme/set',
    onDelay: '5s',
  });
  const definition = defineAlarm(entry, (_subject, name) => (name === 'starting' ? 1 : undefined));
  expect(definition).toMatchObject({
    name: 'acme/t-1/deviation',
    priority: 'high',
    condition: { kind: 'deviation', limit: 5, setPoint: undefined },
    reference: { kind: 'tag', path: 'acme/set' },
    onDelayUs: 5_000_000,
    offDelayUs: 0,
    latching: false,
    maxShelvingMs: 43_200_000,
    suppressWhile: [{ condition: { kind: 'discrete', equals: 1 }, onDelayUs: 1_000_000, offDelayUs: 60_000_000 }],
  });
  expect(subjectsOf(entry).map(({ subject, field }) => [subject.path, field.join('.')])).toEqual([
    ['acme/t-1', 'tag'],
    ['acme/set', 'setPoint'],
    ['acme/state', 'suppressWhile.0.tag'],
  ]);
});

it('is never less urgent where it is worse, or sooner', () => {
  const order = ['critical', 'high', 'medium', 'low', 'journal'];
  const minutes = fc.integer({ min: 0, max: 120 });
  const severity = fc.nat({ max: SEVERITIES.length - 1 });
  fc.assert(
    fc.property(severity, severity, minutes, minutes, (one, other, soon, late) => {
      const urgent = priorityFrom(SEVERITIES[Math.min(one, other)], Math.min(soon, late) * 60_000);
      const less = priorityFrom(SEVERITIES[Math.max(one, other)], Math.max(soon, late) * 60_000);
      expect(order.indexOf(urgent)).toBeLessThanOrEqual(order.indexOf(less));
    }),
  );
});

it.each([
  ['train-1/temperature/high', undefined],
  ['high', undefined],
  ['a//b', 'has an empty segment'],
  ['a/_b', 'begins with "_"'],
  ['a+b', 'has one of'],
])('the name %s: %s', (name, defect) => {
  const found = alarmNameDefect(name);
  if (defect === undefined) expect(found).toBeUndefined();
  else expect(found).toContain(defect);
  expect(alarmTagPath('north-1', 'train-1/t/high')).toBe('north-1/_alarms/train-1.t.high');
});
