import { expect, it } from 'vitest';
import { readAlarmLog } from './alarmLog.ts';

const HEADER = ['time', 'tag', 'level', 'priority', 'state', 'z'];
const COLUMNS = { time: 'time', alarm: 'tag+level', happening: 'state', priority: 'priority', value: 'z' };

it('reads the log of another system', () => {
  const read = readAlarmLog(
    [
      HEADER,
      ['2024-01-01T01:03:00Z', 'XMEAS4', 'H', '3', 'ACT', '3.23'],
      ['2024-01-01T01:06:00Z', 'XMEAS4', 'H', '1', 'RTN', ''],
    ],
    COLUMNS,
  );
  expect(read).toEqual({
    ok: true,
    value: [
      { time: '2024-01-01T01:03:00Z', alarm: 'XMEAS4/H', happening: 'activated', priority: 'medium', value: 3.23 },
      { time: '2024-01-01T01:06:00Z', alarm: 'XMEAS4/H', happening: 'returned', priority: 'critical' },
    ],
  });
});

it.each([
  ['a column that is not named', {}, 'Say with --columns which column is "time"'],
  ['a column that is not there', { ...COLUMNS, alarm: 'tags' }, 'The file has no column "tags"; it has time, tag'],
  ['a word that is no happening', COLUMNS, 'Line 2: "MAYBE" is nothing'],
])('says what is wrong: %s', (_what, columns, message) => {
  const read = readAlarmLog([HEADER, ['2024-01-01T01:03:00Z', 'X', 'H', '3', 'MAYBE', '']], columns);
  expect(read.ok ? '' : read.fault.detail).toContain(message);
});
