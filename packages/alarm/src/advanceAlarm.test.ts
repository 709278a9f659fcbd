import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advanceAlarm } from './advanceAlarm.ts';
import { ALARM_EVENT_KINDS, type AlarmEvent, type AlarmEventKind } from './alarmEvent.ts';
import { type AlarmSituation, initialSituation, stateOf } from './alarmSituation.ts';
import { ALARM_STATES, type AlarmState } from './alarmState.ts';

const NOW = 1_000_000 as Timestamp;
const LATER = 2_000_000 as Timestamp;

function eventOf(kind: AlarmEventKind): AlarmEvent {
  if (kind === 'shelve') return { kind, at: NOW, until: LATER, oneShot: false };
  return kind === 'expire' ? { kind, at: LATER } : { kind };
}

/** Brings a new alarm into a state by the shortest way through the diagram. */
const WAY: Readonly<Record<AlarmState, readonly AlarmEventKind[]>> = {
  normal: [],
  unacknowledged: ['activate'],
  acknowledged: ['activate', 'acknowledge'],
  'returned-unacknowledged': ['activate', 'return'],
  'latched-unacknowledged': ['activate', 'return'],
  'latched-acknowledged': ['activate', 'return', 'acknowledge'],
  shelved: ['shelve'],
  'suppressed-by-design': ['suppress'],
  'out-of-service': ['remove-from-service'],
};

function alarmIn(state: AlarmState, latching: boolean, active = false): AlarmSituation {
  const kinds = active ? [...WAY[state], 'activate' as const] : WAY[state];
  return kinds.map(eventOf).reduce((now, event) => advanceAlarm(now, event).situation, initialSituation(latching));
}

/**
 * Figure "alarm state transition diagram" of ANSI/ISA-18.2-2016, 5.3 (the same in IEC 62682:2022), every state by every event,
 * the letters of the figure as cells. A dot is no change without a word, an exclamation mark a refusal. G, H and I stand
 * twice, for a condition that holds beneath and for one that does not: where they end, the alarm is B or A. `a b` in one
 * cell: of an alarm that does not latch, and of one that does.
 *
 * - A to B: alarm occurs. B to C, D to A, E to F: acknowledge. B to D, C to A: process returns to normal; of a latching alarm B to
 *   E and C to F. D to B, and E, F to B: it occurs again. F to A: reset.
 * - Any to G: shelve; G to A or B: unshelve, by hand or because its time is over. Any to H: designed suppression; H to A or B: it
 *   ends. Any to I: remove from service; I to A or B: return to service.
 */
const LETTERS: Readonly<Record<string, AlarmState>> = {
  A: 'normal',
  B: 'unacknowledged',
  C: 'acknowledged',
  D: 'returned-unacknowledged',
  E: 'latched-unacknowledged',
  F: 'latched-acknowledged',
  G: 'shelved',
  H: 'suppressed-by-design',
  I: 'out-of-service',
};
const TABLE = `
from     activate return acknowledge reset shelve unshelve expire suppress unsuppress remove-from-service return-to-service
A        B        .      !           !     G      !        .      H        .          I                   !
B        .        D|E    C           !     G      !        .      H        .          I                   !
C        .        A|F    !           !     G      !        .      H        .          I                   !
D        B        .      A           !     G      !        .      H        .          I                   !
E        B        .      F           !     G      !        .      H        .          I                   !
F        B        .      !           A     G      !        .      H        .          I                   !
G        .        .      !           !     G      A        A      H        .          I                   !
G-active .        .      !           !     G      B        B      H        .          I                   !
H        .        .      !           !     .      !        .      .        A          I                   !
H-active .        .      !           !     .      !        .      .        B          I                   !
I        .        .      !           !     .      !        .      .        .          !                   A
I-active .        .      !           !     .      !        .      .        .          !                   B
`;
const [head, ...rows] = TABLE.trim()
  .split('\n')
  .map((line) => line.split(/\s+/));
const cases = rows.flatMap(([from, ...cells]) =>
  cells.flatMap((cell, column) =>
    [false, true].map((latching) => ({ from, event: head[column + 1] as AlarmEventKind, cell, latching })),
  ),
);
/** States that only one of the two kinds of alarm comes to. */
const IMPOSSIBLE = { plain: 'EF', latching: 'D' };

describe('ISA-18.2, 5.3: every state by every event', () => {
  it('has every state and every event', () => {
    expect(head.slice(1)).toEqual([...ALARM_EVENT_KINDS]);
    expect([...new Set(rows.map(([from]) => LETTERS[from[0]]))]).toEqual([...ALARM_STATES]);
  });

  it.each(cases)('$from $event gives $cell (latching: $latching)', ({ from, event, cell, latching }) => {
    const [letter] = from;
    if (IMPOSSIBLE[latching ? 'latching' : 'plain'].includes(letter)) return;
    const before = alarmIn(LETTERS[letter], latching, from.endsWith('-active'));
    expect(stateOf(before)).toBe(LETTERS[letter]);
    const { situation, happening, refusal } = advanceAlarm(before, eventOf(event));
    const [plain, latched = plain] = cell.split('|');
    const expected = latching ? latched : plain;
    expect(stateOf(situation)).toBe(LETTERS[expected] ?? LETTERS[letter]);
    expect(refusal !== undefined).toBe(expected === '!');
    expect(happening !== undefined).toBe(
      expected in LETTERS || (letter === 'H' && event === 'shelve') || isBeneathOut(),
    );
    if (refusal !== undefined) expect(situation).toBe(before);

    /** Out of service hides that the alarm is shelved or suppressed as well; it happens all the same. */
    function isBeneathOut(): boolean {
      return letter === 'I' && (event === 'shelve' || event === 'suppress');
    }
  });
});

it.each<[string, AlarmEvent[], AlarmState]>([
  [
    'one-shot shelving ends when the condition returns',
    [{ kind: 'activate' }, shelving(true), { kind: 'return' }],
    'normal',
  ],
  ['timed shelving outlasts it', [{ kind: 'activate' }, shelving(false), { kind: 'return' }], 'shelved'],
  [
    'one-shot shelving ends at its time too',
    [{ kind: 'activate' }, shelving(true), { kind: 'expire', at: LATER }],
    'unacknowledged',
  ],
  ['not before', [{ kind: 'activate' }, shelving(true), { kind: 'expire', at: NOW }], 'shelved'],
  ['what is not active is not shelved until it returns', [shelving(true)], 'normal'],
  ['an end that has passed is none', [{ kind: 'shelve', at: LATER, until: NOW, oneShot: false }], 'normal'],
  ['nor is not-a-number', [{ kind: 'shelve', at: LATER, until: Number.NaN as Timestamp, oneShot: false }], 'normal'],
  [
    'the end of shelving says nothing while it is suppressed',
    [{ kind: 'activate' }, shelving(false), { kind: 'suppress' }, { kind: 'expire', at: LATER }],
    'suppressed-by-design',
  ],
])('%s', (_case, events, expected) => {
  const end = events.reduce((now, event) => advanceAlarm(now, event).situation, initialSituation(false));
  expect(stateOf(end)).toBe(expected);
});

function shelving(oneShot: boolean): AlarmEvent {
  return { kind: 'shelve', at: NOW, until: LATER, oneShot };
}

it('acknowledges itself where nobody has to', () => {
  const { situation } = advanceAlarm(initialSituation(false, false), { kind: 'activate' });
  expect(stateOf(situation)).toBe('acknowledged');
  expect(stateOf(advanceAlarm(situation, { kind: 'return' }).situation)).toBe('normal');
});

const time = fc.integer({ min: 0, max: 100 }).map((value) => value as Timestamp);
const event: fc.Arbitrary<AlarmEvent> = fc.oneof(
  fc
    .constantFrom(...ALARM_EVENT_KINDS.filter((kind) => kind !== 'shelve' && kind !== 'expire'))
    .map((kind) => ({ kind }) as AlarmEvent),
  fc.record({ kind: fc.constant('shelve' as const), at: time, until: time, oneShot: fc.boolean() }),
  fc.record({ kind: fc.constant('expire' as const), at: time }),
);
const run = (start: AlarmSituation, events: readonly AlarmEvent[]) =>
  events.reduce((now, each) => advanceAlarm(now, each).situation, start);
const start = fc.record({ latching: fc.boolean(), mustAcknowledge: fc.boolean() });

/** What `annunciation` can be beside `active`: nothing else has a place in the diagram. */
const HOLDS = ['unacknowledged', 'acknowledged'];

it('comes to no state that is not in the diagram, by any sequence of events', () => {
  fc.assert(
    fc.property(start, fc.array(event, { maxLength: 40 }), ({ latching, mustAcknowledge }, events) => {
      const end = run(initialSituation(latching, mustAcknowledge), events);
      const { active, annunciation } = end;
      const isQuiet = end.outOfService || end.suppressed || end.shelving !== undefined;
      if (isQuiet) expect(annunciation).toBe('normal');
      else expect(HOLDS.includes(annunciation)).toBe(active);
      if (annunciation.startsWith('latched')) expect(latching).toBe(true);
      if (annunciation === 'returned-unacknowledged') expect(latching).toBe(false);
      expect(ALARM_STATES).toContain(stateOf(end));
    }),
  );
});

it('is no longer shelved once its time is over, whatever came before', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 40 }), (events) => {
      const end = run(initialSituation(true), [...events, { kind: 'expire', at: 101 as Timestamp }]);
      expect(end.shelving).toBeUndefined();
    }),
  );
});

const KEPT_QUIET: readonly AlarmEvent[] = [shelving(false), { kind: 'suppress' }, { kind: 'remove-from-service' }];
const LET_SPEAK: readonly AlarmEvent[] = [{ kind: 'unshelve' }, { kind: 'unsuppress' }, { kind: 'return-to-service' }];

it('ends the same in whatever order it is shelved, suppressed and taken out of service, and back', () => {
  const anyOrder = (events: readonly AlarmEvent[]) => fc.shuffledSubarray([...events], { minLength: events.length });
  fc.assert(
    fc.property(anyOrder(KEPT_QUIET), anyOrder(LET_SPEAK), fc.boolean(), fc.nat(6), (quiet, speak, active, place) => {
      const events = [...quiet, ...speak];
      if (active) events.splice(place, 0, { kind: 'activate' });
      expect(stateOf(run(initialSituation(false), events))).toBe(active ? 'unacknowledged' : 'normal');
      const allQuiet = { active: false, annunciation: 'normal', suppressed: true, outOfService: true };
      expect(run(initialSituation(false), quiet)).toMatchObject(allQuiet);
    }),
  );
});

it('tells of every change that people see, and of nothing else', () => {
  fc.assert(
    fc.property(start, fc.array(event, { maxLength: 40 }), ({ latching, mustAcknowledge }, events) => {
      let now = initialSituation(latching, mustAcknowledge);
      for (const each of events) {
        const { situation, happening, refusal } = advanceAlarm(now, each);
        if (stateOf(situation) !== stateOf(now)) expect(happening).toBeDefined();
        if (refusal !== undefined) expect(situation).toBe(now);
        expect(happening !== undefined && refusal !== undefined).toBe(false);
        now = situation;
      }
    }),
  );
});
