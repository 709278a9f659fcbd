import { describe, expect, it } from 'vitest';
import { DETECTOR_NAMES } from '../detect/namedEnsemble.ts';
import type { Assessment } from './assessment.ts';
import type { LearnedProfile } from './learnedProfile.ts';
import type { FeatureRowsLike } from './learningRows.ts';
import { learnProfile } from './learnProfile.ts';
import { profileFromJson } from './profileFromJson.ts';
import type { ProfileSpec } from './profileSpec.ts';
import { DAY_US, MACHINE, machineRows, rowsBetween } from './testbed/machine.ts';

const HOUR_US = 3_600e6;
const [LOAD, TEMPERATURE, RESISTANCE] = [0, 1, 2];
const month = machineRows({ days: 30 });
const ALL: ProfileSpec = { ...MACHINE, detectors: DETECTOR_NAMES };

type Change = (value: number, row: number) => number;

function changed(feature: number, to: Change): FeatureRowsLike {
  return { ...month, columns: month.columns.map((column, i) => (i === feature ? column.map(to) : column)) };
}

const everywhere = (to: Change): FeatureRowsLike => ({ ...month, columns: month.columns.map((one) => one.map(to)) });
const retimed = (to: Change): FeatureRowsLike => ({ ...month, times: month.times.map(to) });
const held = (rows: number): FeatureRowsLike => {
  const columns = month.columns.map((one) => one.map((_, row) => one[row - (row % rows)]));
  return { ...month, columns };
};

/** Read back from its document: what has no place in JSON would be lost there. */
function learned(rows: FeatureRowsLike, spec = MACHINE): LearnedProfile {
  const profile = learnProfile(rows, spec);
  if (!profile.ok) throw new Error(profile.fault.detail);
  const read = profileFromJson(JSON.parse(JSON.stringify(profile.value.toJson())));
  if (!read.ok) throw new Error(read.fault.detail);
  return read.value;
}

describe('a learning time with', () => {
  it.each<[string, FeatureRowsLike, RegExp]>([
    ['values that stand still for days', held(50), /Values change 14 times in 720 rows.*stand still/],
    ['two rows, over and over', held(360), /Values change 1 times/],
    ['all values infinite', everywhere(() => Number.POSITIVE_INFINITY), /None of load, temperature, resistance/],
    ['numbers too small to be squared', everywhere((value) => value * 1e-320), /None of load, temperature, resistance/],
    ['numbers too large to be measured', everywhere((value) => value * 1e298), /None of load, temperature, resistance/],
    [
      'features that never come together',
      {
        ...month,
        columns: month.columns.map((one, i) => one.map((value, row) => (row % 2 === i % 2 ? value : Number.NaN))),
      },
      /0 of 720 rows are complete/,
    ],
    ['a time twice', retimed((time, row) => (row === 10 ? month.times[9] : time)), /row 11 does not follow/],
    ['a time that goes back', retimed((time, row) => (row === 10 ? month.times[3] : time)), /row 11 does not follow/],
    ['a time that is none', retimed((time, row) => (row === 719 ? Number.NaN : time)), /row 720 does not follow/],
    ['a time without end', retimed((time, row) => (row === 719 ? Infinity : time)), /row 720 does not follow/],
    [
      'Fahrenheit for the last twenty hours',
      changed(TEMPERATURE, (value, row) => (row < 700 ? value : value * 1.8 + 32)),
      /'temperature' goes from.*Celsius to Fahrenheit; learn from one side/,
    ],
    [
      'a prefix for a week, and back',
      changed(RESISTANCE, (value, row) => (row < 200 || row > 400 ? value : value * 1_000)),
      /'resistance' goes from.*, and back, as from a factor of 1000/,
    ],
    [
      'a prefix the other way',
      changed(RESISTANCE, (value, row) => (row < 400 ? value : value / 1_000)),
      /'resistance' goes from.*a factor of 1000/,
    ],
  ])('%s is refused with the reason', (_, rows, reason) => {
    for (const spec of [MACHINE, ALL]) {
      const fault = { detail: expect.stringMatching(reason) };
      expect(learnProfile(rows, spec)).toMatchObject({ ok: false, fault });
    }
  });

  const later = machineRows({ days: 50, wrong: (day) => (day > 48 && day < 48.6 ? [0, -9, 0.15] : [0, 0, 0]) });
  const judged = (profile: LearnedProfile, afterUs: number): Assessment[] => {
    const stream = profile.stream();
    const rows = rowsBetween(later, 31 * 24, later.times.length);
    return Array.from(rows.times, (time, row) => {
      const values = Float64Array.from(rows.columns, (column) => column[row]);
      return stream.push(time + afterUs, values, 1);
    });
  };
  const isOff = (row: number) => row % 72 >= 48;

  it.each<[string, FeatureRowsLike, { rows?: number; leftOut?: string[]; says?: RegExp }]>([
    ['a feature that is constant', changed(LOAD, () => 5), { leftOut: ['load'] }],
    ['one that is constant but for rounding', changed(LOAD, (_, row) => 50 + (row % 2) * 7e-15), { leftOut: ['load'] }],
    ['one too small to be squared', changed(LOAD, (value) => value * 1e-320), { leftOut: ['load'] }],
    [
      'one that is infinite from a day on',
      changed(LOAD, (v, row) => (row > 300 ? -Infinity : v)),
      { leftOut: ['load'] },
    ],
    ['now and then an infinite value', changed(TEMPERATURE, (v, row) => (row % 50 ? v : Infinity)), { rows: 705 }],
    ['a value that nothing measures', changed(TEMPERATURE, (v, row) => (row === 200 ? 1e300 : v)), { rows: 719 }],
    ['what a broken transmitter sends', changed(TEMPERATURE, (v, row) => (row % 100 ? v : 3.4028e38)), { rows: 712 }],
    [
      'one wrong reading',
      changed(TEMPERATURE, (value, row) => (row === 500 ? 32_767 : value)),
      { rows: 719, says: /One row stands far outside/ },
    ],
    [
      'one spike',
      changed(RESISTANCE, (value, row) => (row === 500 ? 1.3 : value)),
      { rows: 719, says: /One row stands far outside/ },
    ],
    [
      'wrong readings for six hours',
      changed(TEMPERATURE, (value, row) => (row >= 500 && row < 506 ? -9_999 : value)),
      { rows: 714, says: /6 rows stand far outside/ },
    ],
    ['a gap of three weeks', retimed((time, row) => (row > 300 ? time + 21 * DAY_US : time)), { rows: 720 }],
    ['rows that come in fours', held(4), { rows: 720 }],
    [
      'a third of the time off, with exactly nothing',
      everywhere((value, row) => (isOff(row) ? 0 : value)),
      { rows: 720 },
    ],
  ])(
    '%s is learned without that, and judges what comes',
    (_, rows, { rows: count = 720, leftOut = [], says = /./ }) => {
      const profile = learned(rows);
      expect(profile.report).toMatchObject({ rows: count, leftOut });
      expect(profile.report.notes.join(' ')).toMatch(says);
      const seen = judged(profile, rows.times[719] - month.times[719]);
      expect(seen.every(({ score }) => Number.isFinite(score))).toBe(true);
      const strange = seen.flatMap(({ strange }, row) => (strange ? [31 + row / 24] : []));
      expect(strange.length).toBeGreaterThan(5);
      for (const day of strange) expect(Math.abs(day - 48.3)).toBeLessThan(0.5);
    },
  );

  it('a weekly test run is learned with that, as it is no wrong reading', () => {
    const isTest = (row: number) => row % 168 >= 100 && row % 168 < 104;
    const profile = learned(changed(LOAD, (value, row) => (isTest(row) ? value + 4_000 : value)));
    expect(profile.report.rows).toBe(720);
  });

  it('a count of some starts is learned with all of them', () => {
    const starts = learned(changed(LOAD, (_, row) => (row % 100 === 50 ? 1 : 0)));
    expect(starts.report).toMatchObject({ leftOut: [], rows: 720 });
  });

  it('each detector by itself, and all together, is learned from a feature that is hardly ever there', () => {
    const rows = changed(RESISTANCE, (value, row) => (row % 3 ? Number.NaN : value));
    for (const name of DETECTOR_NAMES) {
      expect(learned(rows, { ...MACHINE, detectors: [name] }).report.leftOut).toEqual(['resistance']);
    }
    expect(learned(rows, ALL).report.leftOut).toEqual(['resistance']);
  });
});

describe('rows to be judged', () => {
  const profile = learned(month, ALL);
  const LAST_US = month.times[month.times.length - 1];
  const sound = [50, 45, 1];

  it.each<[string, number[], string]>([
    ['infinite', [50, Infinity, 1], 'missing'],
    ['not a number', [50, Number.NaN, 1], 'missing'],
    ['of a value that nothing measures', [50, 45, -1e300], 'missing'],
    ['of what a broken transmitter sends', [3.4028e38, 45, 1], 'missing'],
  ])('that are %s have no score, raise nothing, and leave no trace', (_, row, unscored) => {
    const [stream, other] = [profile.stream(), profile.stream()];
    for (let hour = 1; hour <= 100; hour++) {
      const values = Float64Array.from(hour % 7 === 0 ? row : sound);
      const seen = stream.push(LAST_US + hour * HOUR_US, values, 1);
      const beside = other.push(LAST_US + hour * HOUR_US, Float64Array.from(sound), hour % 7 === 0 ? 0 : 1);
      if (hour % 7 === 0) expect(seen).toMatchObject({ score: Number.NaN, unscored, strange: false });
      else expect(seen).toEqual(beside);
    }
  });

  it('that are as far off as numbers go are strange, and their scores are numbers', () => {
    const stream = profile.stream();
    for (let hour = 1; hour <= 4; hour++) {
      const seen = stream.push(LAST_US + hour * HOUR_US, Float64Array.of(50, 9e29, 1), 1);
      expect(seen.score).toBeGreaterThan(profile.report.threshold);
      expect(seen.contributions.every((part) => part >= 0)).toBe(true);
    }
  });

  it.each([
    ['twice', LAST_US + HOUR_US],
    ['backwards', LAST_US],
    ['that is none', Number.NaN],
    ['without end', Infinity],
  ])('of a time %s are a mistake of the caller', (_, time) => {
    const stream = profile.stream();
    stream.push(LAST_US + HOUR_US, Float64Array.from(sound), 1);
    expect(() => stream.push(time, Float64Array.from(sound), 1)).toThrow(RangeError);
  });
});
