/** The driver with a server that others wrote: node-opcua, in this process, over real connections. */

import { DataType, StatusCodes, VariantArrayType } from 'node-opcua';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RunningLine } from '../../line/line.ts';
import { type MessageProxy, startMessageProxy } from './testbed/messageProxy.ts';
import { type PlantServer, type PlantValue, startPlantServer } from './testbed/plantServer.ts';
import { type WatchedPoint, watchLine } from './testbed/watchedLine.ts';

const PUBLISH_ANSWER = 829;
const REPUBLISH = 832;
const CREATE_SESSION = 461;
const ACTIVATE_SESSION = 467;
const DELETE_SUBSCRIPTIONS = 847;
const WAIT = { timeout: 8_000, interval: 20 };

let plant: PlantServer;
const lines: RunningLine[] = [];
const proxies: MessageProxy[] = [];

beforeAll(async () => {
  plant = await startPlantServer();
}, 30_000);

afterEach(async () => {
  for (const line of lines.splice(0)) await line.stop();
  for (const proxy of proxies.splice(0)) await proxy.close();
});

afterAll(() => plant.stop());

function watch(...given: Parameters<typeof watchLine>) {
  const watched = watchLine(...given);
  lines.push(watched.line);
  return watched;
}

async function proxied(): Promise<MessageProxy> {
  const proxy = await startMessageProxy(plant.port);
  proxies.push(proxy);
  return proxy;
}

const moment = new Date('2026-02-03T04:05:06.789Z');
const VALUES: readonly (readonly [
  name: string,
  value: PlantValue,
  dataType: string,
  reads: number | string,
  status?: string,
])[] = [
  ['Boolean', { dataType: 'Boolean', value: true }, 'bool', 1],
  ['SByte', { dataType: 'SByte', value: -7 }, 'int8', -7],
  ['Byte', { dataType: 'Byte', value: 250 }, 'uint8', 250],
  ['Int16', { dataType: 'Int16', value: -30_000 }, 'int16', -30_000],
  ['UInt16', { dataType: 'UInt16', value: 65_000 }, 'uint16', 65_000],
  ['Int32', { dataType: 'Int32', value: -2_000_000_000 }, 'int32', -2_000_000_000],
  ['UInt32', { dataType: 'UInt32', value: 4_000_000_000 }, 'uint32', 4_000_000_000],
  ['Int64', { dataType: 'Int64', value: [0xffff_ffff, 0xffff_fffb], arrayType: VariantArrayType.Scalar }, 'int64', -5],
  [
    'UInt64',
    { dataType: 'UInt64', value: [0x0001_0000, 7], arrayType: VariantArrayType.Scalar },
    'uint64',
    2 ** 48 + 7,
  ],
  [
    'UInt64 beyond',
    { dataType: 'UInt64', value: [0x8000_0000, 1], arrayType: VariantArrayType.Scalar },
    'uint64',
    2 ** 63,
    'Uncertain',
  ],
  ['Float', { dataType: 'Float', value: 0.25 }, 'float32', 0.25],
  ['Double', { dataType: 'Double', value: 1480.125 }, 'float64', 1480.125],
  ['NaN', { dataType: 'Double', value: Number.NaN }, 'float64', 0, 'BadNoData'],
  ['infinite', { dataType: 'Double', value: Number.POSITIVE_INFINITY }, 'float64', 0, 'BadOutOfRange'],
  ['String', { dataType: 'String', value: 'Öl 4' }, 'string', 'Öl 4'],
  ['DateTime', { dataType: 'DateTime', value: moment }, 'string', '2026-02-03T04:05:06.789000Z'],
  ['DateTime as number', { dataType: 'DateTime', value: moment }, 'int64', moment.getTime() * 1_000],
  [
    'Guid',
    { dataType: 'Guid', value: '09087E75-8E5E-499B-954F-F2A9603DB28A' },
    'string',
    '09087e75-8e5e-499b-954f-f2a9603db28a',
  ],
  ['LocalizedText', { dataType: 'LocalizedText', value: { locale: 'en', text: 'running' } }, 'string', 'running'],
  ['text for a number', { dataType: 'String', value: '7' }, 'float64', 0, 'BadTypeMismatch'],
  ['number for a text', { dataType: 'Double', value: 7 }, 'string', 0, 'BadTypeMismatch'],
  [
    'list',
    { dataType: 'Int16', value: new Int16Array([1, 2]), arrayType: VariantArrayType.Array },
    'int16',
    0,
    'BadTypeMismatch',
  ],
];

describe('values', () => {
  it('of every type', async () => {
    for (const [name, value] of VALUES) plant.add(name, value);
    plant.add('levels', { dataType: 'Int16', value: new Int16Array([7, -8, 9]), arrayType: VariantArrayType.Array });
    const points: WatchedPoint[] = VALUES.map(([name, , dataType]) => [`ns=1;s=${name}`, dataType]);
    const nsu = plant.namespace.namespaceUri.replaceAll('%', '%25').replaceAll(';', '%3B');
    points.push(['index=1;ns=1;s=levels', 'int16'], [`nsu=${nsu};s=Int16`, 'int16'], ['i=2259', 'int32']);
    const { told, texts } = watch(plant.port, points);
    await vi.waitFor(() => expect(points.every((_, tag) => told(tag).length > 0)).toBe(true), WAIT);
    for (const [tag, [name, , dataType, reads, status = 'Good']] of VALUES.entries()) {
      const [reading] = told(tag);
      const value = dataType === 'string' && status === 'Good' ? texts.get(tag) : reading.value;
      expect([name, value, reading.status]).toEqual([name, reads, status]);
    }
    expect([VALUES.length, VALUES.length + 1, VALUES.length + 2].map((tag) => told(tag)[0])).toMatchObject([
      { value: -8, status: 'Good' },
      { value: -30_000, status: 'Good' },
      { value: 0, status: 'Good' },
    ]);
  });

  it('bear the time of the source and the status of the server; one that is bad costs the others nothing', async () => {
    const speed = plant.add('speed', { dataType: 'Double', value: 1 });
    const other = plant.add('other', { dataType: 'Double', value: 5 });
    const { recorder, told } = watch(plant.port, [
      ['ns=1;s=speed', 'float64'],
      ['ns=1;s=gone', 'float64'],
      ['ns=1;s=other', 'float64'],
    ]);
    await vi.waitFor(() => expect([0, 1, 2].map((tag) => told(tag).length > 0)).toEqual([true, true, true]), WAIT);
    expect(told(1)).toMatchObject([{ status: 'BadNodeIdUnknown' }]);
    const time = new Date(Date.now() - 5_000);
    speed.setValueFromSource({ dataType: DataType.Double, value: 2 }, StatusCodes.UncertainSensorNotAccurate, time);
    await vi.waitFor(() => expect(told(0)).toHaveLength(2), WAIT);
    expect(told(0)[1]).toEqual({
      tag: 0,
      time: time.getTime() * 1_000,
      value: 2,
      status: 'UncertainSensorNotAccurate',
    });
    speed.setValueFromSource({ dataType: DataType.Double, value: 2 }, StatusCodes.BadSensorFailure);
    other.setValueFromSource({ dataType: DataType.Double, value: 6 });
    await vi.waitFor(() => expect([told(0).length, told(2).length]).toEqual([3, 2]), WAIT);
    expect(told(0)[2]).toMatchObject({ value: 0, status: 'BadSensorFailure' });
    expect(told(2)[1]).toMatchObject({ value: 6, status: 'Good' });
    expect(recorder.events.map(({ kind }) => kind)).toEqual(['device.connected', 'device.address-refused']);
  });

  it('are read at each scan where the server is not to report by itself', async () => {
    plant.add('polled', { dataType: 'Double', value: 3 });
    const { recorder, told } = watch(plant.port, [['ns=1;s=polled', 'float64']], { subscribe: false });
    await vi.waitFor(() => expect(told(0)).toMatchObject([{ value: 3, status: 'Good' }]), WAIT);
    const before = recorder.readings.length;
    await vi.waitFor(() => expect(recorder.readings.length).toBeGreaterThan(before + 3), WAIT);
    expect(told(0)).toHaveLength(1);
  });
});

describe('a report that does not arrive', () => {
  it('is fetched once more, and told in its order', async () => {
    const counter = plant.add('counter', { dataType: 'Int32', value: 0 });
    const proxy = await proxied();
    const { recorder, told } = watch(proxy.port, [['ns=1;s=counter', 'int32']]);
    await vi.waitFor(() => expect(told(0)).toHaveLength(1), WAIT);
    let dropped = 0;
    proxy.passes = (message) => message !== PUBLISH_ANSWER || dropped++ > 0;
    for (let value = 1; value <= 4; value++) {
      counter.setValueFromSource({ dataType: DataType.Int32, value });
      const before = dropped;
      await vi.waitFor(() => expect(dropped).toBeGreaterThan(before), WAIT);
    }
    await vi.waitFor(() => expect(told(0).map(({ value }) => value)).toEqual([0, 1, 2, 3, 4]), WAIT);
    expect(proxy.asked.filter((message) => message === REPUBLISH)).toHaveLength(1);
    expect(recorder.events.map(({ kind }) => kind)).toEqual(['device.connected']);
  });
});

describe('a connection that breaks', () => {
  it('goes on with the same session, and nothing that has changed meanwhile is lost', async () => {
    const counter = plant.add('survivor', { dataType: 'Int32', value: 0 });
    const still = plant.add('still', { dataType: 'Int32', value: 9 });
    expect(still).toBeDefined();
    const proxy = await proxied();
    const { told } = watch(proxy.port, [
      ['ns=1;s=survivor', 'int32'],
      ['ns=1;s=still', 'int32'],
    ]);
    await vi.waitFor(() => expect([told(0).length, told(1).length]).toEqual([1, 1]), WAIT);
    const sessions = plant.server.engine.currentSessionCount;
    for (let round = 1; round <= 3; round++) {
      proxy.cut();
      counter.setValueFromSource({ dataType: DataType.Int32, value: round });
      await vi.waitFor(() => expect(told(0).at(-1)).toMatchObject({ value: round, status: 'Good' }), WAIT);
      await vi.waitFor(() => expect(told(1).at(-1)).toMatchObject({ value: 9, status: 'Good' }), WAIT);
    }
    expect(plant.server.engine.currentSessionCount).toBe(sessions);
    expect(proxy.asked.filter((message) => message === CREATE_SESSION)).toHaveLength(1);
  });
});

describe('a subscription that falls silent', () => {
  it('makes its points bad, and another takes its place in the same session', async () => {
    plant.add('mute', { dataType: 'Int32', value: 4 });
    const proxy = await proxied();
    const { told, line } = watch(proxy.port, [['ns=1;s=mute', 'int32']], { timeoutMs: 300 });
    await vi.waitFor(() => expect(told(0)).toHaveLength(1), WAIT);
    proxy.passes = (message) => message !== PUBLISH_ANSWER;
    await vi.waitFor(() => expect(told(0).at(-1)).toMatchObject({ status: 'BadTimeout' }), WAIT);
    expect(line.status()[0].lastFault).toMatch(/subscription \d+ has said nothing for 1300 ms/);
    proxy.passes = () => true;
    await vi.waitFor(() => expect(told(0).at(-1)).toMatchObject({ value: 4, status: 'Good' }), WAIT);
    expect(proxy.asked.filter((message) => message === CREATE_SESSION)).toHaveLength(1);
    expect(proxy.asked).toContain(DELETE_SUBSCRIPTIONS);
  });
});

describe('a server that does not answer in time', () => {
  it('is not flooded with sessions where it opens them', async () => {
    const proxy = await proxied();
    proxy.passes = (message) => message !== CREATE_SESSION + 3;
    const { line } = watch(proxy.port, [['i=2259', 'int32']], { timeoutMs: 200 });
    const fault = /may still keep 2 sessions of ours: another one is opened in \d+ s/;
    await vi.waitFor(() => expect(line.status()[0].lastFault).toMatch(fault), WAIT);
    expect(proxy.asked.filter((message) => message === CREATE_SESSION)).toHaveLength(2);
  });

  it('is asked to go on with the session that it has opened', async () => {
    const proxy = await proxied();
    let dropped = 0;
    proxy.passes = (message) => message !== ACTIVATE_SESSION + 3 || dropped++ >= 3;
    const { told } = watch(proxy.port, [['i=2259', 'int32']], { timeoutMs: 200 });
    await vi.waitFor(() => expect(told(0).at(-1)).toMatchObject({ status: 'Good' }), WAIT);
    expect(proxy.asked.filter((message) => message === CREATE_SESSION)).toHaveLength(1);
  });
});

describe('a server that wants a name', () => {
  it('is told apart, and left without a session', async () => {
    const guarded = await startPlantServer({ anonymous: false });
    try {
      const { line } = watch(guarded.port, [['i=2259', 'int32']]);
      await vi.waitFor(() => expect(line.status()[0].lastFault).toMatch(/lets nobody in without a name/), WAIT);
      await line.stop();
      await vi.waitFor(() => expect(guarded.server.engine.currentSessionCount).toBe(0), WAIT);
    } finally {
      await guarded.stop();
    }
  }, 20_000);
});

describe('the end of a session', () => {
  it('is said to the server', async () => {
    const before = plant.server.engine.currentSessionCount;
    const { line, told } = watch(plant.port, [['i=2259', 'int32']]);
    await vi.waitFor(() => expect(told(0)).toHaveLength(1), WAIT);
    expect(plant.server.engine.currentSessionCount).toBe(before + 1);
    await line.stop();
    await vi.waitFor(() => expect(plant.server.engine.currentSessionCount).toBe(before), WAIT);
  });
});

describe('events', () => {
  it('of the server', async () => {
    const { recorder, texts } = watch(plant.port, [['events;i=2253', 'string']]);
    await vi.waitFor(() => {
      plant.machine.raiseEvent('SystemEventType', {
        message: { dataType: DataType.LocalizedText, value: { text: 'oil is low' } },
        severity: { dataType: DataType.UInt16, value: 500 },
      });
      expect(texts.size).toBe(1);
    }, WAIT);
    const event = JSON.parse(texts.get(0) ?? '');
    expect(event).toMatchObject({ eventType: 'i=2130', source: 'Machine', message: 'oil is low', severity: 500 });
    expect(recorder.readings.map(({ time }) => time)).toContain(event.time);
  });

  it('of an alarm, from its activation to its return', async () => {
    const { namespace, machine } = plant;
    const pressure = plant.add('pressure', { dataType: 'Double', value: 5 });
    namespace.instantiateExclusiveLimitAlarm('ExclusiveLevelAlarmType', {
      browseName: 'PressureAlarm',
      conditionName: 'PressureAlarm',
      conditionSource: machine,
      inputNode: pressure,
      lowLowLimit: -10,
      lowLimit: 1,
      highLimit: 10,
      highHighLimit: 100,
    } as never);
    const { told, texts, alarms } = watch(plant.port, [
      ['events;i=2253', 'string'],
      ['ns=1;s=pressure', 'float64'],
    ]);
    await vi.waitFor(() => expect(told(1)).toHaveLength(1), WAIT);
    pressure.setValueFromSource({ dataType: DataType.Double, value: 50 });
    await vi.waitFor(() => expect(texts.get(0)).toContain('PressureAlarm'), WAIT);
    const raised = JSON.parse(texts.get(0) ?? '');
    expect(raised).toMatchObject({ condition: 'PressureAlarm', active: true, acknowledged: false, retain: true });
    pressure.setValueFromSource({ dataType: DataType.Double, value: 5 });
    await vi.waitFor(() => expect(alarms).toHaveLength(3), WAIT);
    expect(JSON.parse(texts.get(0) ?? '')).toMatchObject({
      condition: 'PressureAlarm',
      conditionId: raised.conditionId,
      active: false,
    });
    // This server acknowledges by itself what has returned.
    expect(alarms).toMatchObject([
      { alarm: 'plc/1:Machine/PressureAlarm', happening: 'activated', state: 'unacknowledged', condition: 'level' },
      { alarm: 'plc/1:Machine/PressureAlarm', happening: 'returned', state: 'normal' },
      { alarm: 'plc/1:Machine/PressureAlarm', happening: 'acknowledged', state: 'normal' },
    ]);
    expect(alarms[0].time).toBe(raised.time);
  });
});

describe('a server that is restarted', () => {
  it('is called again, and knows no more than one session of ours', async () => {
    let restarted = await startPlantServer();
    const { port } = restarted;
    restarted.add('speed', { dataType: 'Int32', value: 1 });
    try {
      const { told } = watch(port, [['ns=1;s=speed', 'int32']]);
      await vi.waitFor(() => expect(told(0)).toMatchObject([{ value: 1, status: 'Good' }]), WAIT);
      await restarted.stop();
      await vi.waitFor(() => expect(told(0).at(-1)?.status).toBe('BadNotConnected'), WAIT);
      restarted = await startPlantServer({ port });
      restarted.add('speed', { dataType: 'Int32', value: 2 });
      await vi.waitFor(() => expect(told(0).at(-1)).toMatchObject({ value: 2, status: 'Good' }), WAIT);
      expect(restarted.server.engine.currentSessionCount).toBe(1);
    } finally {
      await restarted.stop();
    }
  }, 30_000);
});

describe('10,000 nodes', () => {
  it('in one session, in requests of what the server takes at once', async () => {
    const large = await startPlantServer({ maxMonitoredItemsPerCall: 300, maxNodesPerRead: 300 });
    try {
      const points = Array.from({ length: 10_000 }, (_, index): WatchedPoint => [`ns=1;s=n${index}`, 'int32']);
      for (const [index] of points.entries()) large.add(`n${index}`, { dataType: 'Int32', value: index });
      const { recorder } = watch(large.port, points, { intervalMs: 1_000 });
      const right = () => recorder.readings.filter(({ tag, value, status }) => tag === value && status === 'Good');
      await vi.waitFor(() => expect(new Set(right().map(({ tag }) => tag)).size).toBe(10_000), {
        timeout: 25_000,
        interval: 200,
      });
      expect(large.server.engine.currentSessionCount).toBe(1);
    } finally {
      for (const line of lines.splice(0)) await line.stop();
      await large.stop();
    }
  }, 60_000);
});
