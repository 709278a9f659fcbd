import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { DeviceStatus } from '@tidegate/core/port/gatewayStatus.ts';
import { DEVICE_SIGNALS, type DeviceSignal } from '@tidegate/core/sample/deviceSignal.ts';
import { perLane } from '@tidegate/core/sample/lane.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { expect, it, onTestFinished } from 'vitest';
import { Conditioner } from '../conditioning/conditioner.ts';
import { RecordingLane } from '../conditioning/testbed/recordingLane.ts';
import { numberDeviceTags } from '../configuration/deviceTags.ts';
import { reportDevices } from './deviceReports.ts';

const WELL: DeviceStatus = {
  name: 'pump',
  line: 'bus',
  protocol: 'modbus-rtu',
  state: 'running',
  requests: 10,
  refusals: 0,
  timeouts: 0,
  failures: 0,
  lastFault: undefined,
  skippedScans: 0,
  discardedAnswers: 0,
  roundTrips: { p50Ms: 4, p95Ms: 6, p99Ms: 9, maxMs: 12 },
};
const SILENT: DeviceStatus = {
  ...WELL,
  state: 'silent',
  timeouts: 1,
  failures: 1,
  lastFault: 'no answer within 1000 ms',
};

/** Reports on `devices`, which a test may change, through the conditioner that the tags ask for. */
async function reporting(devices: DeviceStatus[]) {
  const clock = new ManualClock();
  const names = devices.map(({ name }) => name);
  const numbers = names.flatMap((_, at) => DEVICE_SIGNALS.map((_, place) => at * 100 + place));
  const tags = numberDeviceTags('north', names, numbers);
  const lanes = perLane(() => new RecordingLane());
  const stop = new AbortController();
  const sink = new Conditioner(tags.rules, lanes);
  const work = reportDevices({ clock, sink, devices: tags.devices, statuses: () => devices }, stop.signal);
  onTestFinished(() => {
    stop.abort();
    return work;
  });
  await clock.advance(0);
  /** What was kept of a signal: time in milliseconds, value and, where it is not good, status. */
  const kept = (signal: DeviceSignal, device = 0) => {
    const number = device * 100 + DEVICE_SIGNALS.indexOf(signal);
    const rows = [...lanes.operational.rows, ...lanes.analytical.rows].filter(([tag]) => tag === number);
    return rows.map(([, timeMs, value, status]) => (status ? [timeMs, value, status] : [timeMs, value]));
  };
  return { clock, lanes, tags, kept };
}

it('reports each signal of a device when it starts, a second later, and then every ten seconds', async () => {
  const devices = [WELL];
  const { clock, kept } = await reporting(devices);
  expect(DEVICE_SIGNALS.filter((signal) => kept(signal).length === 0)).toEqual([
    'last-error',
    'scan-lateness-p99',
    'budget-used',
    'line-budget-used',
  ]);
  expect([kept('protocol'), kept('line'), kept('fault')]).toEqual([[[0, 'modbus-rtu']], [[0, 'bus']], [[0, '']]]);
  devices[0] = { ...WELL, requests: 20, budgetUsed: 0.25 };
  await clock.advance(9_900);
  expect(kept('requests')).toEqual([
    [0, 10],
    [1_000, 20],
  ]);
  devices[0] = { ...WELL, requests: 30, budgetUsed: 0.5 };
  await clock.advance(11_100);
  expect(kept('requests').at(-1)).toEqual([11_000, 30]);
  expect(kept('budget-used')).toEqual([
    [1_000, 0.25],
    [11_000, 0.5],
  ]);
  expect(kept('state')).toEqual([[0, 'running']]);
  expect(kept('state-duration')).toEqual([
    [0, 0],
    [1_000, 1],
    [11_000, 11],
    [21_000, 21],
  ]);
});

it('reports a change of state at once, of that device alone', async () => {
  const devices = [WELL, { ...WELL, name: 'fan' }];
  const { clock, kept } = await reporting(devices);
  await clock.advance(5_100);
  devices[0] = SILENT;
  await clock.advance(250);
  expect(kept('state')).toEqual([
    [0, 'running'],
    [5_250, 'silent'],
  ]);
  expect(kept('fault').at(-1)).toEqual([5_250, 'no answer within 1000 ms']);
  expect(kept('timeouts').at(-1)).toEqual([5_250, 1]);
  await clock.advance(5_000);
  expect(kept('state-duration').slice(-2)).toEqual([
    [5_250, 0],
    [6_250, 1],
  ]);
  expect(kept('state', 1)).toEqual([[0, 'running']]);
  expect(kept('state-duration', 1)).toHaveLength(2);
});

it('ends a figure that there is no more with one sample without a value', async () => {
  const devices = [WELL];
  const { clock, kept } = await reporting(devices);
  const { roundTrips: _, ...unheard } = WELL;
  devices[0] = unheard;
  await clock.advance(30_000);
  expect(kept('round-trip-p50')).toEqual([
    [0, 4],
    [1_000, null, STATUS.BadNoData],
  ]);
});

it('gives the last error the time when it happened, and says it again only when it has happened again', async () => {
  const failed = (ms: number) => ({ ...WELL, lastFailure: { at: ms * 1_000, detail: 'refused' } }) as DeviceStatus;
  const devices = [failed(-5_000)];
  const { clock, kept } = await reporting(devices);
  await clock.advance(20_000);
  devices[0] = failed(25_000);
  await clock.advance(20_000);
  devices[0] = WELL;
  await clock.advance(20_000);
  expect(kept('last-error')).toEqual([
    [-5_000, 'refused'],
    [25_000, 'refused'],
  ]);
});

it('accounts for every sample, and has on the operational lane what is needed now', async () => {
  const devices = [SILENT];
  const { clock, lanes, tags } = await reporting(devices);
  await clock.advance(60_000);
  for (const { rows, counts } of Object.values(lanes)) {
    expect(counts.read).toBe(rows.length + counts.suppressed);
    expect(counts.refused).toBe(0);
  }
  const operational = tags.definitions.filter(({ lane }) => lane === 'operational').map(({ path }) => path);
  expect(operational).toEqual(['state', 'state-duration', 'fault'].map((signal) => `north/_devices/pump/${signal}`));
});
