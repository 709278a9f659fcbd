import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { DeviceStatus } from '@tidegate/core/port/gatewayStatus.ts';
import type { LiveTag, LiveView } from '@tidegate/core/port/liveView.ts';
import { perLane } from '@tidegate/core/sample/lane.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { describe, expect, it } from 'vitest';
import { LiveChanges } from './liveChanges.ts';
import { livePattern } from './liveSource.ts';
import { liveHeader, liveTable, spoolText, UNPAINTED, valueText } from './liveText.ts';

const AT = 1_769_860_800_000_000 as Timestamp;
const ago = (seconds: number) => (AT - seconds * 1_000_000) as Timestamp;
const TAG: LiveTag = {
  path: 'acme/north/pump-1/flow',
  type: 'number',
  lane: 'operational',
  unit: 'm3/h',
  crosses: true,
  time: ago(1),
  status: STATUS.Good,
  value: 12.5,
};
const { value: _, ...UNREAD } = TAG;
const RECIPE: LiveTag = {
  ...UNREAD,
  path: 'acme/north/recipe',
  unit: '',
  type: 'string',
  crosses: false,
  time: ago(90),
  status: STATUS.BadTimeout,
};
const VIEW: LiveView = {
  at: AT,
  gateway: 'north-1',
  startedAt: ago(7_500),
  lanes: perLane(() => ({
    connected: false,
    since: ago(180),
    waiting: { blocks: 2, samples: 1_800, bytes: 4_096 },
  })),
  spool: { usedBytes: 48 * 2 ** 20, maxBytes: 2 ** 30, bytesPerSecond: 2 ** 20, lastsSeconds: 976 },
  devices: [
    { name: 'pump-1', state: 'running' },
    { name: 'fan', state: 'silent', lastFault: 'no answer\x1b[2J' },
  ] as DeviceStatus[],
  certificateDaysLeft: 12,
  matched: 2,
  from: 0,
  tags: [TAG, RECIPE],
};

describe('the header', () => {
  it('says that the boundary is cut, since when, and how long the spool lasts', () => {
    const lane = 'cut since 2026-01-31 11:57:00Z (3 min), 1800 samples wait in 2 blocks, 4.0 KiB';
    expect(liveHeader(VIEW, UNPAINTED)).toEqual([
      'north-1  runs for 2 h 5 min  certificate holds 12 d',
      'the boundary is cut: the gateway goes on reading, and everything waits in the spool',
      `  operational  ${lane}`,
      `  analytical   ${lane}`,
      `  audit        ${lane}`,
      '  spool 48.0 MiB of 1.0 GiB: lasts another 16 min at 1.0 MiB/s',
      '2 devices: 1 running, 1 silent',
      '  ! fan: no answer\ufffd[2J',
    ]);
  });

  it('says that it is connected, in whole or in part', () => {
    const link = { connected: true, since: ago(5), waiting: { blocks: 0, samples: 0, bytes: 0 } };
    const lines = liveHeader({ ...VIEW, lanes: perLane(() => link) }, UNPAINTED);
    expect(lines[1]).toBe('the boundary is connected');
    expect(lines[2]).toBe('  operational  connected since 2026-01-31 11:59:55Z (5 s), 0 samples wait');
    expect(lines[5]).toBe('  spool 48.0 MiB of 1.0 GiB: would last 16 min at 1.0 MiB/s');
    const partly = { ...VIEW, lanes: { ...VIEW.lanes, operational: link } };
    expect(liveHeader(partly, UNPAINTED)[1]).toBe('the boundary is cut for the lane analytical, audit');
  });

  it('shows what is wrong in its colour', () => {
    const painted = liveHeader({ ...VIEW, certificateDaysLeft: -1 }, (text, as) => `<${as} ${text}>`);
    expect(painted[0]).toBe('<strong north-1>  runs for 2 h 5 min  <bad certificate has ended>');
    expect(painted[1]).toMatch(/^<bad the boundary is cut/);
  });

  it.each([
    [{ usedBytes: 500, maxBytes: 2_000 }, 'spool 500 B of 2.0 KiB'],
    [{ usedBytes: 500, maxBytes: 2_000, bytesPerSecond: 0 }, 'spool 500 B of 2.0 KiB'],
    [
      { usedBytes: 2_048, maxBytes: 2_000, bytesPerSecond: 5, lastsSeconds: 0 },
      'spool 2.0 KiB of 2.0 KiB: full, the oldest of the least important is given up',
    ],
  ])('of a spool %j', (spool, text) => {
    expect(spoolText(spool, true)).toBe(text);
  });
});

describe('the table', () => {
  it('has a line for each tag', () => {
    expect(liveTable(VIEW, 120, UNPAINTED)).toEqual([
      'tag                         value  status                        age',
      'acme/north/pump-1/flow  12.5 m3/h  Good                          1 s',
      'acme/north/recipe                  BadTimeout, does not cross  1 min',
    ]);
  });

  it.each([60, 70, 80])('is no wider than %d', (width) => {
    const lines = liveTable(VIEW, width, UNPAINTED);
    expect(new Set(lines.map(({ length }) => length)).size).toBe(1);
    expect(lines[0].length).toBeLessThanOrEqual(Math.max(width, 62));
    if (width === 60) expect(lines[1]).toMatch(/^…rth\/pump-1\/flow /);
  });

  it.each<[Partial<LiveTag>, string]>([
    [{ value: 223.28999638557434 }, '223.29 m3/h'],
    [{ value: 123456789012 }, '123456789012 m3/h'],
    [{ value: 1e-9 }, '1e-9 m3/h'],
    [{ value: 'NaN' }, 'NaN m3/h'],
    [{ value: 1, type: 'boolean', unit: '' }, 'true'],
    [{ value: 1, unit: '', states: [{ code: 1, name: 'running' }] }, 'running (1)'],
    [{ value: 7, unit: '', states: [{ code: 1, name: 'running' }] }, '7'],
    [{ value: 'a\x1b[31m', type: 'string', unit: '' }, 'a\ufffd[31m'],
  ])('shows %j', (tag, text) => {
    expect(valueText({ ...TAG, ...tag })).toBe(text);
  });
});

it('tells changes line by line, and nothing twice', () => {
  const changes = new LiveChanges();
  expect(changes.take(VIEW)).toEqual([
    '2026-01-31 12:00:00Z north-1: the boundary is cut: the gateway goes on reading, and everything waits in the spool',
    '2026-01-31 12:00:00Z device pump-1: running',
    '2026-01-31 12:00:00Z device fan: silent, no answer\ufffd[2J',
    '2026-01-31 11:59:59Z acme/north/pump-1/flow 12.5 m3/h Good',
    '2026-01-31 11:58:30Z acme/north/recipe BadTimeout, does not cross',
  ]);
  expect(changes.take({ ...VIEW, at: ago(-1), tags: [{ ...TAG, time: AT }, RECIPE] })).toEqual([]);
  expect(changes.take({ ...VIEW, tags: [{ ...TAG, value: 13, time: AT }, RECIPE] })).toEqual([
    '2026-01-31 12:00:00Z acme/north/pump-1/flow 13 m3/h Good',
  ]);
});

it.each([
  ['', '**'],
  ['pressure', '**/*pressure*/**'],
  ['/acme/north/', '**/*acme/north*/**'],
  ['acme/*/flow', 'acme/*/flow'],
])('the filter %j is the pattern %s', (text, pattern) => {
  expect(livePattern(text)).toBe(pattern);
});
