import type { AlarmView } from '@tidegate/core/alarm/alarmView.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { LiveAlarms } from '@tidegate/core/port/liveAlarms.ts';
import { expect, it } from 'vitest';
import { alarmLines, doneLine, UNPAINTED_ALARMS } from './alarmText.ts';

const MIN = 60_000_000;
const AT = (1_000 * MIN) as Timestamp;

function alarm(name: string, changed: Partial<AlarmView>): AlarmView {
  const plain = { active: true, priority: 'high', condition: 'high', message: `${name} above 5 m` } as const;
  return { name, state: 'unacknowledged', since: (AT - MIN) as Timestamp, ...plain, ...changed };
}

function lines(alarms: AlarmView[], all = false): string[] {
  const live: LiveAlarms = { at: AT, gateway: 'north-1', configured: true, alarms };
  return alarmLines(live, all, UNPAINTED_ALARMS).map((line) => line.replaceAll(/ {2,}/g, ' | '));
}

const ALARMS = [
  alarm('a', { priority: 'low' }),
  alarm('b', { state: 'acknowledged', by: 'anna', comment: 'seen' }),
  alarm('c', { value: 7, limit: 5, unit: 'm', action: 'close the valve' }),
  alarm('d', { priority: 'critical', state: 'shelved', by: 'ben', comment: 'works', until: (AT + MIN) as Timestamp }),
  alarm('e', { priority: 'critical', state: 'normal', active: false }),
];

it('shows what an operator has to know, the most urgent first', () => {
  expect(lines(ALARMS)).toEqual([
    'north-1 | 3 of 5 alarms, 2 unacknowledged, 1 kept quiet',
    'high | unacknowledged | c | 1 min | c above 5 m (7 m); close the valve',
    'high | acknowledged | b | 1 min | b above 5 m; anna: seen',
    'low | unacknowledged | a | 1 min | a above 5 m',
  ]);
});

it('shows the others behind them where they are asked for', () => {
  expect(lines(ALARMS, true).slice(4)).toEqual([
    expect.stringMatching(/^critical \| shelved \| d \| .*ben: works; until 1970-01-01 16:41:00Z$/),
    expect.stringMatching(/^critical \| normal \| e \| /),
  ]);
});

it('says what has been done, and steers no terminal', () => {
  expect(doneLine(alarm('x\x1b[2J', { state: 'acknowledged' }))).toBe('x\ufffd[2J is acknowledged');
  expect(lines([alarm('a', { message: 'bell\x07' })]).join()).not.toMatch(/\p{Cc}/u);
});
