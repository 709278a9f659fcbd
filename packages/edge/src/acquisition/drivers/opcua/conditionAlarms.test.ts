import type { AlarmRecord } from '@tidegate/core/alarm/alarmRecord.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConditionAlarms } from './conditionAlarms.ts';
import type { ConditionEvent } from './conditionEvent.ts';

const ALARM: ConditionEvent = {
  eventType: 'i=9482',
  source: 'Pump',
  message: 'pressure is high',
  severity: 700,
  conditionId: 'ns=1;i=7',
  condition: 'High',
};

function told(...events: readonly ConditionEvent[]): AlarmRecord[] {
  const records: AlarmRecord[] = [];
  const alarms = new ConditionAlarms('plc-4', { report: (record) => records.push(record) });
  for (const [nth, event] of events.entries()) alarms.hear(event, nth as Timestamp);
  return records;
}

const state = (active: boolean, acknowledged: boolean, other: Partial<ConditionEvent> = {}): ConditionEvent => {
  return { ...ALARM, active, acknowledged, ...other };
};
const [RAISED, SEEN, OVER, OVER_UNSEEN] = [
  state(true, false),
  state(true, true),
  state(false, true),
  state(false, false),
];

describe('the alarms of a server', () => {
  it('are told with name, priority, kind and message', () => {
    expect(told(RAISED)).toEqual([
      {
        time: 0,
        alarm: 'plc-4/Pump/High',
        happening: 'activated',
        state: 'unacknowledged',
        priority: 'high',
        condition: 'level',
        message: 'pressure is high',
      },
    ]);
  });

  it.each<[string, readonly ConditionEvent[], readonly string[]]>([
    ['acknowledged, then over', [RAISED, SEEN, OVER], ['activated', 'acknowledged', 'returned']],
    ['over, then acknowledged', [RAISED, OVER_UNSEEN, OVER], ['activated', 'returned', 'acknowledged']],
    ['active again before it was acknowledged', [RAISED, OVER_UNSEEN, RAISED], ['activated', 'returned', 'activated']],
    ['over and acknowledged at once', [RAISED, OVER], ['activated', 'returned', 'acknowledged']],
    ['told again without a change', [RAISED, RAISED, RAISED], ['activated']],
    ['first heard of when it was over', [OVER], ['returned']],
    ['an older state that is acknowledged', [RAISED, state(false, true, { branchId: 'ns=1;i=9' })], ['activated']],
    ['two of them', [RAISED, state(true, false, { conditionId: 'ns=1;i=8' })], ['activated', 'activated']],
    ['an event that is no alarm', [{ ...ALARM }, { source: 'Server', message: 'hello' }], []],
  ])('%s', (_, events, happenings) => expect(told(...events).map(({ happening }) => happening)).toEqual(happenings));

  it.each([
    [1000, 'critical'],
    [801, 'critical'],
    [800, 'high'],
    [600, 'medium'],
    [400, 'low'],
    [-1, 'low'],
  ])('severity %s is %s', (severity, priority) => {
    expect(told(state(true, false, { severity }))[0].priority).toBe(priority);
  });

  it('are active and not in turns, whatever is told', () => {
    const events = fc.array(fc.tuple(fc.boolean(), fc.boolean()));
    fc.assert(
      fc.property(events, (states) => {
        const turns = told(...states.map(([active, acknowledged]) => state(active, acknowledged)))
          .map(({ happening }) => happening)
          .filter((happening) => happening !== 'acknowledged');
        for (const [index, turn] of turns.entries()) expect(turn).not.toBe(turns[index - 1]);
      }),
    );
  });
});
