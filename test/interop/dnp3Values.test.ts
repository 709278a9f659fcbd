/** DNP3: static values and events of every kind in every variation that opendnp3 serves, with their flags and times. */

import { afterEach, expect, it } from 'vitest';
import { freePorts } from '../runningTidegate.ts';
import {
  Dnp3Outstation,
  type Dnp3Settings,
  expectedEvents,
  expectedFreeze,
  expectedStatics,
  markOf,
  ONLINE,
  readingsSince,
  type ServedPoint,
  specsOf,
  type Update,
  updatesOf,
} from './dnp3Outstation.ts';
import { describeWithPeer } from './peer.ts';
import { TestedLine, tcp, usOfMs } from './testedLine.ts';

/** Flags of points (IEEE Std 1815-2012, 11.6); what 5 and 6 mean is another thing for each kind. */
const RESTART = 0x02;
const COMMUNICATION_LOST = 0x04;
const REMOTE_FORCED = 0x08;
const LOCAL_FORCED = 0x10;
const FLAG_5 = 0x20;
const FLAG_6 = 0x40;
const ALL_KINDS = ['binary', 'doubleBit', 'counter', 'analog', 'binaryOutput', 'analogOutput'];
const TURNS = [1, 2, 3];
const POLL_MS = 100;
/** Since everything was read; the times of what happens at one stroke lie milliseconds apart. */
const recently = (turn = 0) => Date.now() + turn * 1_000;

let outstation: Dnp3Outstation;
let line: TestedLine | undefined;

afterEach(async () => {
  await line?.stop();
  await outstation.stop();
});

/** Starts the outstation, gives every point a value without an event, and reads everything once. */
async function readEverything(settings: Partial<Dnp3Settings>): Promise<TestedLine> {
  const [port] = await freePorts(1);
  outstation = await Dnp3Outstation.start({ mode: 'listen', port, ...settings });
  const { points } = outstation;
  await outstation.setAll(0, 'Suppress');
  const options = { outstation: 10, unsolicited: false };
  line = await TestedLine.start('dnp3', tcp(port), [{ options, points: specsOf(points), intervalMs: POLL_MS }]);
  await line.latest(points.length);
  return line;
}

function withFlags(updates: readonly Update[], flags: number, quality: Update[5] = 'SYNCHRONIZED'): Update[] {
  return updates.map(([kind, index, value, , timeMs]) => [kind, index, value, flags, timeMs, quality]);
}

describeWithPeer('opendnp3', 'import opendnp3', () => {
  const sizes = [
    ['one fragment', { count: 24 }],
    ['many fragments', { count: 150, fragment: 249 }],
  ] as const;

  it.each(sizes)('gives its static values in %s', async (_, settings) => {
    const startedUs = usOfMs(Date.now());
    const read = await readEverything(settings);
    const { points } = outstation;
    const readings = await read.latest(points.length);
    const expected = expectedStatics(points, 0);
    expect(readings.map(({ tag, value, status }) => ({ ...points[tag], value, status }))).toEqual(
      points.map((point, tag) => ({ ...point, ...expected[tag] })),
    );
    const nowUs = usOfMs(Date.now() + 1);
    expect(readings.filter(({ time }) => time < startedUs || time > nowUs)).toEqual([]);
  });

  it.each(sizes)('reports events in %s, each once, with value, status and time', async (_, settings) => {
    const read = await readEverything(settings);
    const { points } = outstation;
    const mark = markOf(read);
    const updates = TURNS.flatMap((turn) => updatesOf(points, turn, recently(turn)));
    await outstation.update(updates);
    await outstation.freeze();
    await read.taken(mark.count + updates.length + settings.count);

    const got = points.map((point, tag) => ({ ...point, readings: readingsSince(mark, read, tag, point) }));
    const expectedOf = (point: ServedPoint) =>
      point.kind === 'frozenCounter' ? [expectedFreeze(point, TURNS.at(-1)!)] : expectedEvents(point, updates);
    expect(got).toEqual(points.map((point) => ({ ...point, readings: expectedOf(point) })));
    expect((await outstation.record()).confirmed).toBeGreaterThan(0);
  });

  it.each([
    ['the value is good', ONLINE, ALL_KINDS, 'Good'],
    ['it is off line', 0, ALL_KINDS, 'BadNoCommunication'],
    ['it has no value yet', RESTART, ALL_KINDS, 'BadWaitingForInitialData'],
    ['it has a first value', ONLINE | RESTART, ALL_KINDS, 'UncertainInitialValue'],
    ['the source is lost', ONLINE | COMMUNICATION_LOST, ALL_KINDS, 'UncertainNoCommunicationLastUsable'],
    ['it was forced elsewhere', ONLINE | REMOTE_FORCED, ALL_KINDS, 'UncertainSubstituteValue'],
    ['it was forced here', ONLINE | LOCAL_FORCED, ALL_KINDS, 'GoodLocalOverride'],
    ['it chatters', ONLINE | FLAG_5, ['binary', 'doubleBit'], 'UncertainLastUsableValue'],
    ['it is over its range', ONLINE | FLAG_5, ['analog', 'analogOutput'], 'UncertainEngineeringUnitsExceeded'],
    ['its reference is wrong', ONLINE | FLAG_6, ['analog', 'analogOutput'], 'UncertainSensorNotAccurate'],
    // Flag 5 of a counter is its roll-over, which the standard no longer wants to be set or read.
    ['it has rolled over', ONLINE | FLAG_5, ['counter'], 'Good'],
    ['it was set back', ONLINE | FLAG_6, ['counter'], 'UncertainSubNormal'],
  ])('says that %s', async (_, flags, kinds, status) => {
    const read = await readEverything({ count: 8 });
    const points = outstation.points.filter(({ kind }) => kinds.includes(kind));
    const mark = markOf(read);
    const updates = withFlags(updatesOf(points, 1, recently()), flags);
    await outstation.update(updates);
    await read.taken(mark.count + updates.length);
    const got = points.map((point) => readingsSince(mark, read, outstation.points.indexOf(point), point));
    expect(got).toEqual(points.map((point) => expectedEvents(point, updates, status)));
  });

  it('says that a clock is not synchronised, where the variation can tell it', async () => {
    const read = await readEverything({ count: 3 });
    const relative = outstation.points.filter(({ event }) => event === '2/3' || event === '4/3');
    const mark = markOf(read);
    const updates = withFlags(updatesOf(relative, 1, recently()), ONLINE, 'UNSYNCHRONIZED');
    await outstation.update(updates);
    await read.taken(mark.count + updates.length);
    const got = relative.map((point) => readingsSince(mark, read, outstation.points.indexOf(point), point));
    expect(relative.map(({ event }) => event)).toEqual(['2/3', '4/3']);
    expect(got).toEqual(relative.map((point) => expectedEvents(point, updates, 'Uncertain')));
  });

  it('says that a value does not fit its variation', async () => {
    const read = await readEverything({ count: 8 });
    const points = outstation.points.filter(({ event }) => ['32/2', '32/4', '42/2', '42/4'].includes(event));
    const mark = markOf(read);
    const timeMs = recently();
    await outstation.update(points.map(({ kind, index }) => [kind, index, 100_000, ONLINE, timeMs]));
    await read.taken(mark.count + points.length);
    const got = points.map((point) => readingsSince(mark, read, outstation.points.indexOf(point), point));
    expect(got.map(([{ value, status }]) => [value, status])).toEqual(
      points.map(() => [32_767, 'UncertainEngineeringUnitsExceeded']),
    );
  });
});
