import { describe, expect, it } from 'vitest';
import { seededRandom } from '../boost/seededRandom.ts';
import { type FeatureSeason, seasonAt } from './featureSeason.ts';
import type { LearnedProfile } from './learnedProfile.ts';
import type { FeatureRowsLike } from './learningRows.ts';
import { learnProfile } from './learnProfile.ts';
import { learnSeason } from './learnSeason.ts';
import { profileFromJson } from './profileFromJson.ts';
import type { ProfileSpec } from './profileSpec.ts';
import { DAY_US, rowsBetween, START_US } from './testbed/machine.ts';

const STEP_US = 15 * 60e6;
const ROWS_PER_DAY = 96;
const LEARNED_DAYS = 30;

/** What a feature is `day` days after a Monday, 00:00 UTC; `noise` has a deviation of 1. */
type Course = (day: number, noise: () => number) => number;

const hourOf = (day: number) => (day % 1) * 24;
const isWeekend = (day: number) => day % 7 >= 5;
const wave: Course = (day, noise) => 10 * Math.sin(2 * Math.PI * day) + noise();
/** Filled all day, and emptied at midnight. */
const tank: Course = (day, noise) => 20 * (day % 1) + noise();
const workingWeek: Course = (day, noise) => (isWeekend(day) ? noise() - 5 : wave(day, noise));

function rowsOf(courses: readonly Course[], days: number, seed = 1): FeatureRowsLike {
  const random = seededRandom(seed);
  const noise = () => (random() + random() + random() + random() - 2) * Math.sqrt(3);
  const count = days * ROWS_PER_DAY;
  const columns = courses.map(() => new Float64Array(count));
  for (let row = 0; row < count; row++) {
    for (const [i, course] of courses.entries()) columns[i][row] = course((row + 0.5) / ROWS_PER_DAY, noise);
  }
  const times = Float64Array.from({ length: count }, (_, row) => START_US + (row + 1) * STEP_US);
  return { times, columns, quality: new Float64Array(count).fill(1) };
}

function specOf(courses: readonly Course[]): ProfileSpec {
  const features = courses.map((_, i) => ({ name: `feature ${i}`, unit: 'K', negligible: 0 }));
  return { features, intervalUs: STEP_US, budget: { alarms: 1, perUs: 365 * DAY_US } };
}

function learned(courses: readonly Course[], seed = 1): LearnedProfile {
  const profile = learnProfile(rowsOf(courses, LEARNED_DAYS, seed), specOf(courses));
  if (!profile.ok) throw new Error(profile.fault.detail);
  return profile.value;
}

/** Days after the beginning at which rows are strange, of what comes after the learning time. */
function strangeDays(profile: LearnedProfile, courses: readonly Course[], days: number): number[] {
  const whole = rowsOf(courses, LEARNED_DAYS + days, 2);
  const rows = rowsBetween(whole, LEARNED_DAYS * ROWS_PER_DAY, whole.times.length);
  const stream = profile.stream();
  return Array.from(rows.times).flatMap((time, row) => {
    const values = Float64Array.from(rows.columns, (column) => column[row]);
    return stream.push(time, values, 1).strange ? [(time - START_US) / DAY_US] : [];
  });
}

function seasonOf(course: Course, days = LEARNED_DAYS, seed = 1): FeatureSeason | undefined {
  const { times, columns } = rowsOf([course], days, seed);
  return learnSeason(
    times.map((time) => time - STEP_US / 2),
    columns[0],
    STEP_US,
  );
}

describe('a season is found', () => {
  it('of a day, and says what is usual at each time', () => {
    const season = seasonOf(wave)!;
    expect(new Set(season.courseOfDay).size).toBe(1);
    for (const [hour, usual] of [
      [0, 0],
      [6, 10],
      [12, 0],
      [15, -Math.SQRT1_2 * 10],
    ])
      expect(Math.abs(seasonAt(season, START_US + 400 * DAY_US + hour * 3_600e6) - usual)).toBeLessThan(1);
  });

  it('of a working week, with its weekend apart', () => {
    const season = seasonOf(workingWeek)!;
    expect(season.courseOfDay).toEqual([1, 0, 0, 0, 0, 0, 1]);
    const at = (day: number) => seasonAt(season, START_US + (70 + day) * DAY_US);
    expect(at(0.25) - at(0.75)).toBeGreaterThan(18);
    expect(Math.abs(at(5.25) - at(5.75))).toBeLessThan(2);
  });

  it('of days alone, where a row is a day', () => {
    const times = Float64Array.from({ length: 70 }, (_, day) => START_US + (day + 0.5) * DAY_US);
    const random = seededRandom(3);
    const season = learnSeason(
      times,
      times.map((_, day) => (day % 7 === 6 ? 0 : 8) + random()),
      DAY_US,
    )!;
    expect(season.parts).toBe(1);
    expect(new Set(season.courseOfDay)).toEqual(new Set([0, 1]));
    expect(seasonAt(season, times[0]) - seasonAt(season, times[6])).toBeCloseTo(8, 0);
  });
});

describe('there is no season', () => {
  let level = 0;
  it.each<[string, Course, number]>([
    ['of noise', (_, noise) => noise(), LEARNED_DAYS],
    ['of what wanders', (_, noise) => (level += 0.1 * noise() - level / 400), LEARNED_DAYS],
    ['of a trend', (day, noise) => day + noise(), LEARNED_DAYS],
    ['of a period of 23 hours', (day, noise) => 10 * Math.sin((2 * Math.PI * day * 24) / 23) + noise(), LEARNED_DAYS],
    ['that came in half of the time', (day, noise) => (day < 15 ? wave(day, noise) : noise()), LEARNED_DAYS],
    ['in five days', wave, 5],
    ['that is constant', () => 7, LEARNED_DAYS],
  ])('%s', (_, course, days) => {
    for (let seed = 1; seed <= 5; seed++) {
      level = 0;
      expect(seasonOf(course, days, seed)).toBeUndefined();
    }
  });

  it('where it leaves nothing but rounding: that would be all that is judged', () => {
    const half = DAY_US / 48;
    const times = Float64Array.from({ length: 48 * LEARNED_DAYS }, (_, row) => START_US + (row + 0.5) * half);
    const scheduled = times.map((_, row) => 0.1 * (row % 48));
    expect(learnSeason(times, scheduled, half)).toBeUndefined();
  });

  const notesOf = (courses: readonly Course[]) => learned(courses).report.notes.join(' ');
  const usual = /is judged by what is usual at the time/;

  it('in a feature that another goes along with: both may do so at any time', () => {
    expect(notesOf([wave])).toMatch(usual);
    expect(notesOf([wave, (_, noise) => noise()])).toMatch(usual);
    expect(notesOf([wave, (day, noise) => 40 + wave(day, noise) / 2])).not.toMatch(usual);
  });

  it('in what an operating mode makes: it may be switched on at any time', () => {
    const switched: Course = (day, noise) => (hourOf(day) >= 8 && hourOf(day) < 18 ? 100 : 0) + noise();
    const profile = learned([switched]);
    expect(profile.report.modes).toBe(2);
    expect(profile.report.notes.join(' ')).not.toMatch(usual);
    const holiday: Course = (day, noise) => (day > 40 && day < 41 ? switched(0, noise) : switched(day, noise));
    expect(strangeDays(profile, [holiday], 20)).toEqual([]);
  });
});

describe('what has a season', () => {
  const courses = [wave, (_: number, noise: () => number) => noise()];
  const profile = learned(courses);

  it('raises nothing by day and night', () => {
    expect(strangeDays(profile, courses, 60)).toEqual([]);
    expect(strangeDays(learned([workingWeek]), [workingWeek], 60)).toEqual([]);
  });

  it('is strange at night where it is as by day', () => {
    const nightAsDay: Course = (day, noise) => (day > 50.7 && day < 50.8 ? 8 + noise() : wave(day, noise));
    const days = strangeDays(profile, [nightAsDay, courses[1]], 30);
    expect(days.length).toBeGreaterThan(0);
    for (const day of days) expect(Math.abs(day - 50.75)).toBeLessThan(0.1);
  });

  it('may be an hour early or late: clocks are put forward and back', () => {
    const filled = learned([tank]);
    expect(filled.report.modes).toBe(1);
    for (const [hours, isStrange] of [
      [-1, false],
      [1, false],
      [4, true],
    ] as const) {
      const moved: Course = (day, noise) => tank(day > 40 ? day + hours / 24 : day, noise);
      expect(strangeDays(filled, [moved], 30).length > 0).toBe(isStrange);
    }
  });

  it('is judged alike by what is read from its document', () => {
    const document = JSON.parse(JSON.stringify(profile.toJson()));
    const read = profileFromJson(document);
    if (!read.ok) throw new Error(read.fault.detail);
    const score = (from: LearnedProfile) =>
      from.stream().push(START_US + 40.25 * DAY_US, Float64Array.of(10, 0), 1).score;
    expect(score(read.value)).toBe(score(profile));
    expect(JSON.parse(JSON.stringify(read.value.toJson()))).toEqual(document);
  });

  it.each<[string, object]>([
    ['six days', { courseOfDay: [0, 0, 0, 0, 0, 0] }],
    ['a course that is not there', { courseOfDay: [0, 0, 0, 0, 0, 0, 5] }],
    ['no part', { parts: 0 }],
    ['a part too many', { parts: 49 }],
    ['what is no number', { usual: ['1'] }],
  ])('is refused with %s', (_, wrong) => {
    const document = JSON.parse(JSON.stringify(profile.toJson()));
    Object.assign(document.seasons[0], wrong);
    expect(profileFromJson(document)).toMatchObject({ ok: false, fault: { code: 'health.bad-data' } });
  });
});
