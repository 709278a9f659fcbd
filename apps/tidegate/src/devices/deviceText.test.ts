import { expect, it } from 'vitest';
import type { Device } from '../serverApi/answers.ts';
import { formatDevices } from './deviceText.ts';
import { formatSpan } from './spanText.ts';

const AT = 1_769_860_800_000_000;
const MINUTE = 60_000_000;

const PUMP: Device = {
  gateway: 'north',
  name: 'pump',
  protocol: 'modbus-tcp',
  line: 'pump',
  state: 'running',
  since: AT - 125 * MINUTE,
  problem: null,
  lastError: null,
  requests: 7_500,
  refusals: 0,
  timeouts: 0,
  skippedScans: 0,
  roundTripP50Ms: 4.21,
  roundTripP99Ms: 17.6,
  scanLatenessP99Ms: 1.04,
  budgetUsed: null,
  lineBudgetUsed: null,
};
const FAN: Device = {
  ...PUMP,
  name: 'fan-12',
  protocol: 'modbus-rtu',
  line: 'bus',
  state: 'silent',
  since: AT - 3 * MINUTE,
  problem: 'no answer within 1000 ms',
  lastError: { at: AT - MINUTE / 2, text: 'no answer within 1000 ms' },
  timeouts: 21,
  skippedScans: 3,
  roundTripP50Ms: null,
  roundTripP99Ms: null,
  budgetUsed: 0.256,
  lineBudgetUsed: 0.5,
};

it('writes the sick ones first, what is wrong under each, and only columns that say something', () => {
  const well = {
    ...PUMP,
    name: 'mixer',
    line: 'mixer',
    lastError: { at: AT - 5 * MINUTE, text: 'refused: illegal data address' },
  };
  expect(formatDevices({ at: AT, devices: [PUMP, well] }).split('\n')).toEqual([
    '2 devices: 2 running',
    '',
    'device  state          for  requests  refused  timeouts     p50    p99  late p99  protocol',
    'pump    running  2 h 5 min      7500        0         0  4.2 ms  18 ms    1.0 ms  modbus-tcp',
    'mixer   running  2 h 5 min      7500        0         0  4.2 ms  18 ms    1.0 ms  modbus-tcp',
    '    last error 5 min ago: refused: illegal data address',
    '',
  ]);
  expect(formatDevices({ at: AT, devices: [PUMP, FAN] }).split('\n')).toEqual([
    '2 devices: 1 silent, 1 running',
    '',
    'device  state          for  requests  refused  timeouts  skipped     p50    p99  late p99  budget  of line  protocol    line',
    'fan-12  silent       3 min      7500        0        21        3       -      -    1.0 ms    26 %     50 %  modbus-rtu  bus',
    '  ! no answer within 1000 ms',
    'pump    running  2 h 5 min      7500        0         0        0  4.2 ms  18 ms    1.0 ms       -        -  modbus-tcp  pump',
    '',
  ]);
});

it('names the gateway where there are several', () => {
  const unknown = { ...PUMP, gateway: 'south', state: 'unknown', since: null, requests: null, problem: 'It is gone.' };
  const lines = formatDevices({ at: AT, devices: [PUMP, FAN, unknown] }).split('\n');
  expect(lines[0]).toBe('3 devices: 1 unknown, 1 silent, 1 running');
  expect(lines.slice(2).map((line) => line.split(/ +/)[0])).toEqual(['gateway', 'south', '', 'north', '', 'north', '']);
});

it('lets nothing that a device has said steer the terminal', () => {
  const text = formatDevices({ at: AT, devices: [{ ...FAN, problem: 'it says \x1b[2J\n', lastError: null }] });
  expect(text).toContain('  ! it says \ufffd[2J\ufffd\n');
});

it('says so where there are none', () => {
  expect(formatDevices({ at: AT, devices: [] })).toBe('No devices: no gateway has reported on any yet.\n');
});

it.each([
  [-5, '0 s'],
  [999, '0 s'],
  [42_900, '42 s'],
  [119_000, '1 min'],
  [3_600_000, '1 h'],
  [7_500_000, '2 h 5 min'],
  [273_600_000, '3 d 4 h'],
])('%d ms are %s', (ms, text) => {
  expect(formatSpan(ms)).toBe(text);
});
