import { parseTimestamp, type Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { DEVICE_SIGNALS, type DeviceSignal, deviceSignalPath } from '@tidegate/core/sample/deviceSignal.ts';
import type { SampleValue } from '@tidegate/core/sample/sample.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { describe, expect, test } from 'vitest';
import { DeviceList } from '../contract/device.ts';
import { MemoryHistorian, storedTag } from '../testbed/memoryHistorian.ts';
import { deviceListJson } from './deviceList.ts';

const NOW = parseTimestamp('2026-01-01T12:00:00Z')!;
const SECOND = 1_000_000;

type Values = Partial<Record<DeviceSignal, SampleValue>>;

/** A historian that knows the tags of devices, and what their gateways have reported of them. */
class Plant {
  readonly historian = new MemoryHistorian([storedTag(0)]);

  /** Gives a report `ageS` seconds ago. */
  report(gateway: string, device: string, ageS: number, values: Values, status = STATUS.Good): this {
    const { tagList } = this.historian;
    for (const signal of DEVICE_SIGNALS) {
      const path = deviceSignalPath(gateway, device, signal);
      const known = tagList.find((one) => one.gateway === gateway && one.path === path);
      const tag = known ?? storedTag(tagList.length, { gateway, path, id: path });
      if (!known) tagList.push(tag);
      const value = values[signal];
      if (value !== undefined) this.historian.store([[tag.index, NOW - ageS * SECOND, value, status]]);
    }
    return this;
  }

  list(now: Timestamp = NOW) {
    const list = deviceListJson(this.historian, now);
    expect(DeviceList.parse(list)).toEqual(list);
    return list.devices;
  }
}

const RUNNING: Values = {
  state: 'running',
  'state-duration': 90,
  fault: '',
  requests: 120,
  refusals: 1,
  timeouts: 2,
  failures: 3,
  'skipped-scans': 4,
  'discarded-answers': 5,
  'round-trip-p50': 6.5,
  'round-trip-p99': 7.5,
  protocol: 'modbus-rtu',
  line: 'bus-1',
};

describe('the device list', () => {
  test('puts a device together from the latest values of its tags', () => {
    const plant = new Plant()
      .report('north', 'pump', 60, { 'last-error': 'refused: illegal data address' })
      .report('north', 'pump', 4, RUNNING);
    const [device] = plant.list();
    expect(device).toEqual({
      gateway: 'north',
      name: 'pump',
      protocol: 'modbus-rtu',
      line: 'bus-1',
      state: 'running',
      since: NOW - 94 * SECOND,
      problem: null,
      lastError: { at: NOW - 60 * SECOND, text: 'refused: illegal data address' },
      reportedAt: NOW - 4 * SECOND,
      reportAgeMs: 4_000,
      requests: 120,
      refusals: 1,
      timeouts: 2,
      failures: 3,
      skippedScans: 4,
      discardedAnswers: 5,
      roundTripP50Ms: 6.5,
      roundTripP99Ms: 7.5,
      scanLatenessP99Ms: null,
      budgetUsed: null,
      lineBudgetUsed: null,
      tags: Object.fromEntries(DEVICE_SIGNALS.map((signal, place) => [signal, place + 1])),
    });
  });

  test('is in order of gateway and name, and holds no tag of the plant', () => {
    const plant = new Plant().report('south', 'a', 1, RUNNING).report('north', 'b', 1, RUNNING);
    plant.report('north', 'a', 1, RUNNING);
    expect(plant.list().map(({ gateway, name }) => `${gateway} ${name}`)).toEqual(['north a', 'north b', 'south a']);
  });

  test.each<[string, Values, string, string | null]>([
    ['running', {}, 'running', null],
    ['running with a fault', { fault: 'address 4711 refused' }, 'running', 'address 4711 refused'],
    ['silent', { state: 'silent', fault: 'no answer within 1 s' }, 'silent', 'no answer within 1 s'],
    ['silent for no reason given', { state: 'silent' }, 'silent', 'It does not answer.'],
    ['connecting for the first time', { state: 'connecting' }, 'connecting', 'It has not been reached yet.'],
    ['in its quiet hours', { state: 'quiet' }, 'quiet', null],
    [
      'in a state of the future',
      { state: 'dreaming' },
      'unknown',
      'Its gateway gives it a state that this server does not know.',
    ],
  ])('says what is wrong with one that is %s', (_, values, state, problem) => {
    const [device] = new Plant().report('north', 'pump', 1, { ...RUNNING, ...values }).list();
    expect(device).toMatchObject({ state, problem });
  });

  test.each([
    [29, 'running', null],
    [31, 'unknown', 'Gateway north does not report: it last did 31 s ago.'],
    [600, 'unknown', 'Gateway north does not report: it last did 10 min ago.'],
    [10_000, 'unknown', 'Gateway north does not report: it last did 3 h ago.'],
    [-5, 'running', null],
  ])('after a report of %d s ago calls a device %s', (ageS, state, problem) => {
    const [device] = new Plant().report('north', 'pump', ageS, RUNNING).list();
    expect(device).toMatchObject({ state, problem, reportAgeMs: Math.max(0, ageS * 1_000) });
    expect(device.requests).toBe(state === 'running' ? 120 : null);
    expect(device.protocol).toBe('modbus-rtu');
  });

  test('knows a gateway that was stopped from one that has fallen silent', () => {
    const plant = new Plant().report('north', 'pump', 12, RUNNING);
    plant.report('north', 'pump', 10, { state: null, 'state-duration': null }, STATUS.BadOutOfService);
    expect(plant.list()).toMatchObject([
      { state: 'unknown', problem: 'Gateway north was stopped 10 s ago.', since: null },
    ]);
  });

  test('leaves out a device that its gateway reads no more, and keeps those of a gateway that has stopped', () => {
    const plant = new Plant().report('north', 'old', 300, RUNNING).report('north', 'pump', 5, RUNNING);
    plant.report('south', 'fan', 300, RUNNING);
    expect(plant.list().map(({ name, state }) => [name, state])).toEqual([
      ['pump', 'running'],
      ['fan', 'unknown'],
    ]);
  });

  test('names a device of which nothing has been reported yet', () => {
    const [device] = new Plant().report('north', 'pump', 0, {}).list();
    expect(device).toMatchObject({
      state: 'unknown',
      problem: 'Gateway north has not reported on it yet.',
      reportedAt: null,
      reportAgeMs: null,
      lastError: null,
    });
  });
});
