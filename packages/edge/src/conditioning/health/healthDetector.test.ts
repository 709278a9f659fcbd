import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { beforeEach, describe, expect, it } from 'vitest';
import { Readings } from '../../acquisition/readings.ts';
import { RecordingLane, type Row } from '../testbed/recordingLane.ts';
import { HealthDetector } from './healthDetector.ts';
import { pumpMinutes, pumpProfile, START_US } from './testbed/pump.ts';
import { RowRecorder } from './testbed/rowRecorder.ts';
import type { WatchedProfile } from './watchedProfile.ts';

const [VIBRATION, TEMPERATURE] = [0, 1];
const [SCORE, ALARMING, LATE] = [100, 101, 102];
const HOUR = 3_600;
const NONE = Number.NaN;
const COUNTS = { read: 0, notGood: 0, suppressed: 0, compressed: 0, refused: 0, forbidden: 0 };

const learned = pumpProfile();

let recorder: RowRecorder;
let watched: WatchedProfile;
let told: string[];
let lane: RecordingLane;
let readings: Readings;
let detector: HealthDetector;
/** Seconds by the clock that never goes back. */
let elapsed: number;

beforeEach(() => {
  recorder = new RowRecorder(learned);
  const tags = { score: SCORE, alarming: ALARMING, late: LATE };
  watched = { name: 'pump-7/bearings', profile: recorder, digest: 'of-3', features: [7, 8], tags };
  told = [];
  lane = new RecordingLane();
  readings = new Readings({ write: (block) => lane.write(block, COUNTS) });
  elapsed = 0;
  begin(0);
});

function begin(second: number, kept?: unknown): void {
  const json = kept && JSON.parse(JSON.stringify(kept));
  detector = new HealthDetector(watched, json, at(second), (detail) => told.push(detail));
}

/** Seconds since the beginning of a whole minute. */
function at(second: number): Timestamp {
  return (START_US + second * 1e6) as Timestamp;
}

function read(second: number, feature: number, value: number, isGood = !Number.isNaN(value)): void {
  detector.take(feature, at(second), value, isGood);
}

/** Somebody looks at the clock, every second from the last time or, where it `jumps`, at once. */
function look(second: number): void {
  elapsed++;
  detector.advance(at(second), elapsed * 1_000, readings);
  readings.flush();
}

function lookUntil(second: number, from = 0): void {
  for (let now = from; now <= second; now++) look(now);
}

/** What the model was asked about. */
function rows(): [second: number, vibration: number, temperature: number, quality: number][] {
  return recorder.rows.map(({ time, row, quality }) => [(time - START_US) / 1e6, row[0], row[1], quality]);
}

/** Samples of one tag, with seconds for times. */
function samplesOf(tag: number): [second: number, value: Row[2], status: number | undefined][] {
  const found = lane.rows.filter((row) => row[0] === tag);
  return found.map(([, timeMs, value, status]) => [timeMs / 1e3 - START_US / 1e6, value, status]);
}

type Step = () => void;
const v =
  (second: number, value: number, isGood?: boolean): Step =>
  () =>
    read(second, VIBRATION, value, isGood);
const t =
  (second: number, value: number, isGood?: boolean): Step =>
  () =>
    read(second, TEMPERATURE, value, isGood);
const l =
  (second: number): Step =>
  () =>
    look(second);

describe('rows', () => {
  it.each<[string, readonly Step[], ReturnType<typeof rows>]>([
    ['are averages of values that hold until the next', [v(0, 2), t(0, 60), v(30, 4), l(66)], [[60, 3, 60, 1]]],
    ['are judged when the grace is over', [v(0, 2), t(0, 60), l(65.9)], []],
    ['take samples within the grace in any order', [v(0, 2), t(0, 60), v(62, 9), v(30, 4), l(66)], [[60, 3, 60, 1]]],
    ['take the last of those of one time', [v(0, 8), v(0, 2), t(0, 60), v(30, 7), v(30, 4), l(66)], [[60, 3, 60, 1]]],
    [
      'go on with what held',
      [v(0, 2), t(0, 60), l(66), v(90, 4), l(126), l(186)],
      [
        [60, 2, 60, 1],
        [120, 3, 60, 1],
        [180, 4, 60, 1],
      ],
    ],
    ['count bad time in no average', [v(0, 2), t(0, 60), v(30, NONE), l(66)], [[60, 2, 60, 0.5]]],
    [
      'count the time in which any is bad once',
      [v(0, 2), t(0, 60), v(15, NONE), t(30, NONE), v(45, 2), t(45, 60), l(66)],
      [[60, 2, 60, 0.5]],
    ],
    ['reckon with uncertain values as no good ones', [v(0, 2), t(0, 60), v(30, 4, false), l(66)], [[60, 3, 60, 0.5]]],
    ['know nothing before the first sample', [v(15, 2), t(30, 60), l(66)], [[60, 2, 60, 0.5]]],
    ['of a dead device have neither values nor quality', [v(0, NONE), t(0, NONE), l(66)], [[60, NONE, NONE, 0]]],
    [
      'use what lies ahead of the clock when it is there',
      [v(0, 2), t(0, 60), v(90, 4), l(66), l(126)],
      [
        [60, 2, 60, 1],
        [120, 3, 60, 1],
      ],
    ],
    [
      'are not changed by late samples',
      [v(0, 2), v(55, 2), t(0, 60), l(66), v(30, 100), l(126)],
      [
        [60, 2, 60, 1],
        [120, 2, 60, 1],
      ],
    ],
    [
      'hold a late sample from then on where it is the newest',
      [v(0, 2), t(0, 60), l(66), v(30, 4), l(126)],
      [
        [60, 2, 60, 1],
        [120, 4, 60, 1],
      ],
    ],
  ])('%s', (_says, steps, expected) => {
    for (const step of steps) step();
    expect(rows()).toEqual(expected);
  });

  it('count what came too late', () => {
    for (const step of [v(0, 2), t(0, 60), l(66), v(30, 4), v(20, 3), l(126)]) step();
    expect(samplesOf(LATE)).toEqual([
      [60, 0, STATUS.Good],
      [120, 2, STATUS.Good],
    ]);
  });
});

describe('scores', () => {
  it('are those that the profile itself gives, also over restarts', () => {
    const direct = learned.stream();
    const minutes = pumpMinutes(2);
    const expected: (number | null)[] = [];
    for (let minute = 0; minute < 100; minute++) {
      const row = minutes.next().value;
      read(60 * minute, VIBRATION, row[0]);
      read(60 * minute, TEMPERATURE, row[1]);
      const { score } = direct.push(at(60 * minute + 60), Float64Array.from(row), 1);
      expected.push(Number.isNaN(score) ? null : score);
      look(60 * minute + 66);
      if (minute === 40) begin(60 * minute + 66, detector.keep());
    }
    const scores = samplesOf(SCORE);
    const held = expected.map((score, minute) => [60 * minute + 60, minute === 41 ? expect.anything() : score]);
    expect(scores.map(([second, value]) => [second, value])).toEqual(held);
    expect(scores.slice(-50).every(([, , status]) => status === STATUS.Good)).toBe(true);
  });

  it.each<[string, readonly Step[], number]>([
    ['missing data', [v(0, 2), l(66)], STATUS.BadNoData],
    ['doubtful data', [v(0, 2), t(0, 60), v(20, 2, false), l(66)], STATUS.BadAggregateInvalidInputs],
  ])('are not there over %s, and raise nothing', (_says, steps, status) => {
    for (const step of steps) step();
    expect(samplesOf(SCORE)).toEqual([[60, null, status]]);
    expect(samplesOf(ALARMING)).toEqual([[60, null, status]]);
  });

  it('are uncertain over data of which not enough are good', () => {
    for (const step of [v(0, 2), t(0, 60), l(66), l(126), l(186), v(190, 2, false), v(200, 2), l(246)]) step();
    expect(samplesOf(SCORE).at(-1)).toEqual([240, expect.any(Number), STATUS.UncertainDataSubNormal]);
    expect(samplesOf(ALARMING).at(-1)).toEqual([240, 0, STATUS.UncertainDataSubNormal]);
  });
});

describe('after a restart', () => {
  beforeEach(() => {
    for (const step of [v(0, 2), t(0, 60), l(66), v(66, 4), l(90)]) step();
  });

  it('it goes on where it was kept, and nothing is known until the next sample', () => {
    begin(100, detector.keep());
    for (const step of [v(105, 4), t(105, 60), l(126)]) step();
    // Accounted for up to 84 s: the grace is 6 s.
    expect(rows()).toEqual([
      [60, 2, 60, 1],
      [120, expect.closeTo((2 * 6 + 4 * 33) / 39), 60, expect.closeTo(39 / 60)],
    ]);
  });

  it('intervals in which nothing is known have no rows', () => {
    begin(HOUR, detector.keep());
    for (const step of [l(HOUR), v(HOUR, 4), t(HOUR, 60), l(HOUR + 66)]) step();
    expect(rows()).toEqual([
      [60, 2, 60, 1],
      [120, expect.closeTo((2 * 6 + 4 * 18) / 24), 60, expect.closeTo(24 / 60)],
      [HOUR + 60, 4, 60, 1],
    ]);
  });

  it('of another model or other tags it begins anew, and says nothing', () => {
    const kept = detector.keep();
    begin(100, { ...kept, digest: 'of-4' });
    for (const step of [v(105, 4), t(105, 60), l(126)]) step();
    expect(rows().at(-1)).toEqual([120, 4, 60, 0.25]);
    begin(130, { ...kept, features: [8, 7] });
    expect(told).toEqual([]);
  });

  it.each<[string, (kept: ReturnType<HealthDetector['keep']>) => unknown]>([
    ['no averages', ({ averages: _, ...kept }) => kept],
    ['a column too short', (kept) => ({ ...kept, averages: { ...kept.averages, sums: [1] } })],
    ['a text for a number', (kept) => ({ ...kept, averages: { ...kept.averages, hours: ['1', 2] } })],
    ['a time before its interval', (kept) => ({ ...kept, averages: { ...kept.averages, until: at(0) } })],
    ['an interval that begins anywhere', (kept) => ({ ...kept, averages: { ...kept.averages, begun: at(61) } })],
    ['more doubt than time', (kept) => ({ ...kept, averages: { ...kept.averages, doubtfulUs: 1e12 } })],
  ])('with %s in what was kept it begins anew, and says so', (_says, damage) => {
    begin(100, damage(detector.keep()));
    for (const step of [v(105, 4), t(105, 60), l(126)]) step();
    expect(told).toEqual([expect.stringMatching(/health.state-damaged.*begins anew/)]);
    expect(rows().at(-1)).toEqual([120, 4, 60, 0.25]);
  });

  it.each([null, 5, 'x', [], { memory: [[1]] }])('with %j for the state of its model that begins afresh', (stream) => {
    begin(100, { ...detector.keep(), stream });
    for (const step of [v(105, 4), t(105, 60), l(126)]) step();
    expect(rows()).toHaveLength(2);
  });
});

describe('a clock', () => {
  const DAY = 24 * HOUR;

  beforeEach(() => {
    for (const step of [v(0, 2), t(0, 60)]) step();
    lookUntil(66);
  });

  it('that is set forward leaves a gap', () => {
    look(DAY);
    for (const step of [v(DAY, 4), t(DAY, 60), l(DAY + 66)]) step();
    expect(rows()).toEqual([
      [60, 2, 60, 1],
      [120, 2, 60, expect.closeTo(0.1)],
      [DAY + 60, 4, 60, 1],
    ]);
  });

  it('that is set back a little is waited for', () => {
    look(30);
    for (const step of [v(31, 4), t(31, 61)]) step();
    lookUntil(126, 31);
    expect(rows()).toEqual([
      [60, 2, 60, 1],
      [120, 4, 61, 1],
    ]);
    expect(told).toHaveLength(1);
  });

  it('that is right again after it was far ahead finds all as it was', () => {
    look(DAY);
    elapsed += 10;
    look(80);
    expect(told).toEqual([expect.stringMatching(/the clock shows 2026-01-05T00:01:20.*nothing is/)]);
    elapsed += HOUR;
    look(HOUR);
    expect(told[1]).toMatch(/as it stood at 2026-01-05T00:01:06/);
    for (const step of [l(HOUR + 1), v(HOUR + 1, 4), t(HOUR + 1, 60), l(HOUR + 66)]) step();
    expect(rows().at(-1)).toEqual([HOUR + 60, 4, 60, expect.closeTo(59 / 60)]);
  });

  it('that is far behind for good begins anew', () => {
    look(-DAY);
    elapsed += HOUR;
    look(-DAY + HOUR);
    for (const step of [v(-DAY + HOUR, 4), t(-DAY + HOUR, 60), l(-DAY + HOUR + 66)]) step();
    expect(told[1]).toMatch(/as it stood at the beginning/);
    expect(rows().at(-1)).toEqual([-DAY + HOUR + 60, 4, 60, 1]);
  });

  it('that is right a while after the start costs nothing of what was kept', () => {
    begin(-40 * 365 * DAY, detector.keep());
    look(-40 * 365 * DAY);
    for (const step of [l(HOUR), v(HOUR, 4), t(HOUR, 60), l(HOUR + 66)]) step();
    expect(rows().at(-1)).toEqual([HOUR + 60, 4, 60, 1]);
    expect(told).toHaveLength(1);
  });
});

it('throws what the model throws, says so in its tags, and goes on with the next row', () => {
  for (const step of [v(0, 2), t(0, 60), l(66)]) step();
  recorder.throwsAt.add(at(120));
  expect(() => detector.advance(at(126), 0, readings)).toThrow('no such mode');
  expect(samplesOf(SCORE)).toHaveLength(1);
  look(186);
  expect(samplesOf(SCORE).map(([second, , status]) => [second, status])).toEqual([
    [60, STATUS.Good],
    [120, STATUS.Bad],
    [180, STATUS.Good],
  ]);
});

it('judges when it stops what is over, without the grace', () => {
  for (const step of [v(0, 2), t(0, 60), l(59)]) step();
  detector.finish(at(61), readings);
  expect(rows()).toEqual([[60, 2, 60, 1]]);
});
