/** DNP3: what happens between master and outstation beside values: unsolicited responses, restarts, lost events, clocks. */

import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { freePorts } from '../runningTidegate.ts';
import {
  Dnp3Outstation,
  type Dnp3Settings,
  expectedEvents,
  expectedStatics,
  markOf,
  ONLINE,
  readingsSince,
  specsOf,
} from './dnp3Outstation.ts';
import { HalfDeadProxy } from './halfDeadProxy.ts';
import { describeWithPeer } from './peer.ts';
import { TestedLine, tcp, usOfMs } from './testedLine.ts';

const STATION = 10;
/** So seldom that nothing comes from it within a test. */
const SELDOM_MS = 3_600_000;
const OFTEN_MS = 100;
const COUNT = 24;

let port: number;
let outstation: Dnp3Outstation;
let line: TestedLine | undefined;

beforeEach(async () => {
  [port] = await freePorts(1);
});

afterEach(async () => {
  await line?.stop();
  await outstation.stop();
});

/** Starts the outstation with the values of a turn and without an event. */
async function startOutstation(settings: Partial<Dnp3Settings>, turn = 0): Promise<void> {
  outstation = await Dnp3Outstation.start({ mode: 'listen', port, count: COUNT, ...settings });
  await outstation.setAll(turn, 'Suppress');
}

/** Starts to read all points; resolves when each has been read once. */
async function startLine(options: object, intervalMs: number): Promise<TestedLine> {
  const points = specsOf(outstation.points);
  line = await TestedLine.start('dnp3', tcp(port), [
    { options: { outstation: STATION, ...options }, points, intervalMs },
  ]);
  await line.latest(points.length);
  return line;
}

/** Resolves when the latest good reading of each point is its static value of `turn`. */
async function hasStatics(read: TestedLine, turn: number, from: number): Promise<void> {
  const readings = await read.latest(outstation.points.length, ({ value }) => value !== null, from);
  expect(readings.map(({ value, status }) => ({ value, status }))).toEqual(expectedStatics(outstation.points, turn));
}

describeWithPeer('opendnp3', 'import opendnp3', () => {
  it('reports by itself, and nothing twice', async () => {
    await startOutstation({ unsolicited: true });
    const read = await startLine({}, SELDOM_MS);
    const { points } = outstation;
    const mark = markOf(read);
    const updates = [...(await outstation.setAll(1, 'Force')), ...(await outstation.setAll(2, 'Force'))];
    await read.taken(mark.count + updates.length);
    // Longer than the outstation waits for a confirmation before it would say everything again.
    await sleep(1_000);
    const got = points.map((point, tag) => ({ ...point, readings: readingsSince(mark, read, tag, point) }));
    expect(got).toEqual(points.map((point) => ({ ...point, readings: expectedEvents(point, updates) })));
    expect((await outstation.record()).unsolicitedConfirmed).toBeGreaterThan(0);
  });

  it('says nothing by itself to a master that does not want that', async () => {
    await startOutstation({ unsolicited: true });
    const read = await startLine({ unsolicited: false }, SELDOM_MS);
    const { length } = read.readings;
    await outstation.setAll(1, 'Force');
    await sleep(1_000);
    expect(read.readings.length).toBe(length);
  });

  it('loses its power, comes back with other values, and reports by itself again', async () => {
    await startOutstation({ unsolicited: true });
    const read = await startLine({ clearRestart: true }, SELDOM_MS);
    await outstation.stop();
    const from = read.readings.length;
    await startOutstation({ unsolicited: true }, 5);
    await hasStatics(read, 5, from);
    await read.until(
      () => read.kinds().lastIndexOf('device.connected') > read.kinds().indexOf('device.lost'),
      'return',
    );
    const mark = markOf(read);
    const updates = await outstation.setAll(6, 'Force');
    await read.taken(mark.count + updates.length);
    const got = outstation.points.map((point, tag) => readingsSince(mark, read, tag, point));
    expect(got).toEqual(outstation.points.map((point) => expectedEvents(point, updates)));
  });

  it.each([
    ['and is told that this was noticed', true, 0],
    ['and goes on saying so where nobody may tell it', false, 1],
  ])('restarts behind a link that lasts, %s', async (_, clearRestart, indication) => {
    await startOutstation({});
    const points = [...specsOf(outstation.points), { address: 'iin:device-restart', dataType: 'bool' }];
    const options = { outstation: STATION, unsolicited: false, clearRestart };
    line = await TestedLine.start('dnp3', tcp(port), [{ options, points, intervalMs: OFTEN_MS }]);
    const read = line;
    await read.latest(points.length);
    const restart = () => read.readings.findLast(({ tag }) => tag === points.length - 1)?.value;
    await read.until(() => restart() === indication, `IIN1.7 of ${indication}`);
    const from = read.readings.length;
    // Values that no event tells of: only who reads everything again sees them.
    await outstation.setAll(7, 'Suppress');
    await outstation.claimRestart();
    if (clearRestart) await hasStatics(read, 7, from);
    await read.until(() => restart() === indication, `IIN1.7 of ${indication}`);
    expect(read.kinds()).toContain('device.restarted');
    expect(read.kinds()).not.toContain('device.lost');
  });

  it('has no room for all events: the last values are right, and the loss is told', async () => {
    await startOutstation({ buffer: 10 });
    const read = await startLine({ unsolicited: false }, 500);
    const from = read.readings.length;
    for (let turn = 1; turn <= 5; turn++) await outstation.setAll(turn, 'Force');
    await read.until(() => read.kinds().includes('device.events-lost'), 'event of the loss');
    await hasStatics(read, 5, from);
  });

  it.each(['lan', 'non-lan'] as const)('asks for the time, and gets it (%s)', async (synchroniseTime) => {
    await startOutstation({});
    await outstation.indicate({ needTime: true });
    const read = await startLine({ unsolicited: false, synchroniseTime }, OFTEN_MS);
    const before = Date.now();
    let written: readonly number[] = [];
    while (written.length === 0 && Date.now() < before + 5_000) {
      await sleep(20);
      written = (await outstation.record()).timesWritten;
    }
    expect(written.length).toBe(1);
    expect(Math.abs(written[0] - Date.now())).toBeLessThan(1_000);
    expect(read.kinds()).toEqual(['device.restarted', 'device.connected']);
  });

  it('asks for the time, and is not given it where that is not allowed; its times are doubtful', async () => {
    await startOutstation({});
    await outstation.indicate({ needTime: true });
    const read = await startLine({ unsolicited: false }, OFTEN_MS);
    const mark = markOf(read);
    const timed = outstation.points.findIndex(({ event }) => event === '32/7');
    const { kind, index } = outstation.points[timed];
    const timeMs = Date.now();
    await outstation.update([[kind, index, 1.5, ONLINE, timeMs]]);
    await read.taken(mark.count + 1);
    expect(readingsSince(mark, read, timed, outstation.points[timed])).toEqual([
      { value: 1.5, status: 'Uncertain', timeUs: timeMs * 1_000 },
    ]);
    expect((await outstation.record()).timesWritten).toEqual([]);
    expect(read.events.map(({ detail }) => detail).join()).toContain('IIN1.4');
  });

  it('tells its troubles', async () => {
    await startOutstation({ count: 3 });
    const points = ['iin:device-trouble', 'iin:local-control'].map((address) => ({ address, dataType: 'bool' }));
    const options = { outstation: STATION, unsolicited: false };
    line = await TestedLine.start('dnp3', tcp(port), [{ options, points, intervalMs: OFTEN_MS }]);
    const read = line;
    expect((await read.latest(2)).map(({ value }) => value)).toEqual([0, 0]);
    await outstation.indicate({ deviceTrouble: true, localControl: true });
    await read.taken(4);
    expect((await read.latest(2)).map(({ value }) => value)).toEqual([1, 1]);
    expect(read.status[0].lastFault).toContain('IIN1.6');
    await outstation.indicate({ deviceTrouble: false, localControl: false });
    await read.taken(6);
    expect((await read.latest(2)).map(({ value }) => value)).toEqual([0, 0]);
    expect(read.status[0].lastFault).toBeUndefined();
    expect(read.kinds().filter((kind) => kind === 'device.diagnosis').length).toBe(2);
  });

  it('has a clock that is behind: its events keep their time, and its points are told as they are now', async () => {
    await startOutstation({ unsolicited: true });
    const read = await startLine({}, SELDOM_MS);
    const timed = outstation.points.findIndex(({ event }) => event === '32/7');
    const { kind, index } = outstation.points[timed];
    const mark = markOf(read);
    const timeMs = Date.now() - 30_000;
    await outstation.update([
      [kind, index, 1.5, ONLINE, timeMs],
      [kind, index, 2.5, ONLINE, timeMs + 1],
    ]);
    await read.taken(mark.count + 3);
    const got = read.readings.slice(mark.count).map(({ value, time }) => [value, time > usOfMs(timeMs + 1)]);
    expect(got).toEqual([
      [1.5, false],
      [2.5, false],
      [2.5, true],
    ]);
  });

  it('is behind a link that is half dead: that is noticed although no scan is due, and all is good again afterwards', async () => {
    await startOutstation({ unsolicited: true });
    const proxy = await HalfDeadProxy.start(port);
    const points = specsOf(outstation.points);
    const options = { outstation: STATION, keepAlive: '1s' };
    line = await TestedLine.start('dnp3', tcp(proxy.port), [
      { options, points, intervalMs: SELDOM_MS, timeoutMs: 500 },
    ]);
    const read = line;
    await read.latest(points.length);
    const from = read.readings.length;
    // It answers for the status of its link.
    await sleep(2_500);
    expect(read.kinds()).not.toContain('device.lost');
    expect(read.readings.length).toBe(from);
    proxy.dead = true;
    const bad = await read.latest(points.length, ({ status }) => status === 'BadTimeout', from);
    expect(bad.map(({ value }) => value)).toEqual(points.map(() => null));
    expect(read.kinds()).toContain('device.lost');
    const back = read.readings.length;
    proxy.dead = false;
    await hasStatics(read, 0, back);
    await proxy.stop();
  });

  it('is left in the middle of a long answer, and read from the beginning by the next one who comes', async () => {
    await startOutstation({ count: 150, fragment: 249 });
    const points = specsOf(outstation.points);
    const options = { outstation: STATION, unsolicited: false };
    line = await TestedLine.start('dnp3', tcp(port), [{ options, points, intervalMs: OFTEN_MS }]);
    const first = line;
    await first.taken(1);
    await first.stop();
    const { length } = first.readings;
    expect(length).toBeLessThan(points.length);
    const second = await startLine({ unsolicited: false }, OFTEN_MS);
    await hasStatics(second, 0, 0);
    expect(first.readings.length).toBe(length);
  });

  it('freezes its counters as often as it is asked to', async () => {
    await startOutstation({ count: 6 });
    const counters = outstation.points.flatMap(({ kind, index }) => (kind === 'frozenCounter' ? [index] : []));
    const points = counters.map((index) => ({ address: `frozenCounter:${index}`, dataType: 'uint32' }));
    const options = { outstation: STATION, unsolicited: false, freezeInterval: '1s' };
    line = await TestedLine.start('dnp3', tcp(port), [{ options, points, intervalMs: OFTEN_MS }]);
    await line.latest(points.length);
    await outstation.update(counters.map((index) => ['counter', index, 7_000 + index, ONLINE, Date.now()]));
    const frozen = await line.latest(points.length, ({ value }) => typeof value === 'number' && value >= 7_000);
    expect(frozen.map(({ value }) => value)).toEqual(counters.map((index) => 7_000 + index));
  });

  it('shares its line with others', async () => {
    const stations = [10, 11, 12];
    outstation = await Dnp3Outstation.start({ mode: 'listen', port, count: COUNT, stations, unsolicited: true });
    const { points } = outstation;
    for (const station of stations) await outstation.setAll(station, 'Suppress', station);
    const devices = stations.map((station) => ({
      name: `station-${station}`,
      options: { outstation: station },
      points: specsOf(points),
      intervalMs: SELDOM_MS,
    }));
    line = await TestedLine.start('dnp3', tcp(port), devices);
    const readings = await line.latest(stations.length * points.length);
    expect(readings.map(({ value, status }) => ({ value, status }))).toEqual(
      stations.flatMap((station) => expectedStatics(points, station)),
    );
    const mark = markOf(line);
    const updates = await outstation.setAll(20, 'Force', 11);
    await line.taken(mark.count + updates.length);
    const got = points.map((point, index) => readingsSince(mark, line!, points.length + index, point));
    expect(got).toEqual(points.map((point) => expectedEvents(point, updates)));
    expect(line.readings.length).toBe(mark.count + updates.length);
  });
});
