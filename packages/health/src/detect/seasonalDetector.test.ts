import { describe, expect, it } from 'vitest';
import { seededRandom } from '../boost/seededRandom.ts';
import { detectorFromJson } from './detectorFromJson.ts';
import { NoveltyOfSignal } from './noveltyOfSignal.ts';
import { DAY, type Season, slotAt, slotBeside } from './season.ts';
import { learnSeasonal, type SeasonalDetector, type SeasonalOptions } from './seasonalDetector.ts';
import type { SignalTable } from './signalTable.ts';

const HOUR_US = 3600e6;
/** 2024-01-01 was a Monday. */
const MONDAY_US = Date.UTC(2024, 0, 1) * 1000;
const random = seededRandom(5);

/** Busy from 8 to 18 on workdays; `shift` is added to the load. */
function load(timeUs: number, shift = 0): number {
  const hour = (timeUs / HOUR_US) % 24;
  const isWeekend = [0, 6].includes(new Date(timeUs / 1000).getUTCDay());
  return (hour >= 8 && hour < 18 && !isWeekend ? 100 : 20) + shift + random();
}

function loadTable(days: number, firstUs = MONDAY_US): SignalTable {
  const time = Float64Array.from({ length: days * 96 }, (_, i) => firstUs + (i * HOUR_US) / 4);
  return { names: ['time', 'load'], columns: [time, time.map((timeUs) => load(timeUs))] };
}

function learned(table: SignalTable, options: Partial<SeasonalOptions> = {}): SeasonalDetector {
  const detector = learnSeasonal(table, options);
  if (!detector.ok) throw new Error(detector.fault.detail);
  return detector.value;
}

describe('a season', () => {
  it.each<[string, Season, number, number]>([
    ['midnight of a workday', DAY, MONDAY_US, 0],
    ['the last moment of a workday', DAY, MONDAY_US + 24 * HOUR_US - 1, 23],
    ['noon of a Saturday', DAY, MONDAY_US + (5 * 24 + 12) * HOUR_US, 36],
    ['before 1970', DAY, -HOUR_US, 23],
    ['a row of a period of rows', { period: 48, weekends: false }, 49, 0],
    ['a moment that is none', DAY, Number.NaN, Number.NaN],
  ])('%s', (_, season, clock, slot) => expect(slotAt(season, clock)).toBe(slot));

  it('comes round among its own kind', () => {
    expect([slotBeside(0, -1), slotBeside(23, 1), slotBeside(24, -1), slotBeside(47, 1)]).toEqual([23, 0, 47, 24]);
  });
});

describe('seasonal detector', () => {
  const detector = learned(loadTable(14));
  const at = (day: number, hour: number, shift = 0) => {
    const timeUs = MONDAY_US + (day * 24 + hour) * HOUR_US;
    return detector.stream().push(Float64Array.of(timeUs, load(timeUs, shift)));
  };

  it('knows day from night and workday from weekend', () => {
    for (const [day, hour] of [
      [14, 3],
      [14, 13],
      [19, 13],
    ])
      expect(at(day, hour)).toBeLessThan(5);
    expect(at(14, 3, 80)).toBeGreaterThan(50);
    expect(at(14, 13, -80)).toBeGreaterThan(50);
    expect(at(19, 13, 80)).toBeGreaterThan(50);
  });

  it('gives the same scores in a batch, row by row, and read back from JSON; the clock adds nothing', () => {
    const table = loadTable(3, MONDAY_US + 20 * 24 * HOUR_US);
    table.columns[1][7] = Number.NaN;
    table.columns[0][9] = Number.NaN;
    const back = detectorFromJson(JSON.parse(JSON.stringify(detector.toJson())));
    if (!back.ok) throw new Error(back.fault.detail);
    const batch = detector.score(table.columns);
    expect(back.value.score(table.columns)).toEqual(batch);
    expect([...batch.keys()].filter((row) => Number.isNaN(batch[row]))).toEqual([7, 9]);
    const stream = detector.stream();
    for (const [row, score] of batch.entries()) {
      expect(stream.push(Float64Array.of(table.columns[0][row], table.columns[1][row]))).toBe(score);
      expect([...stream.contributions()]).toEqual([0, Number.isNaN(score) ? 0 : score]);
    }
  });

  it('has no score at a time that it has not seen', () => {
    const workdays = learned(loadTable(4));
    const saturdayUs = MONDAY_US + (5 * 24 + 12) * HOUR_US;
    expect(workdays.stream().push(Float64Array.of(saturdayUs, 20))).toBeNaN();
    const back = detectorFromJson(JSON.parse(JSON.stringify(workdays.toJson())));
    expect(back.ok && back.value.stream().push(Float64Array.of(saturdayUs, 20))).toBeNaN();
  });

  it('counts a period in rows where the clock does', () => {
    const row = Float64Array.from({ length: 400 }, (_, i) => i);
    const wave = row.map((i) => Math.sin((2 * Math.PI * i) / 40) + 0.02 * random());
    const stream = learned(
      { names: ['row', 'wave'], columns: [row, wave] },
      { clock: 'row', season: { period: 40, weekends: false } },
    ).stream();
    expect(stream.push(Float64Array.of(410, 1))).toBeLessThan(4);
    expect(stream.push(Float64Array.of(430, 1))).toBeGreaterThan(20);
  });

  it.each<[string, SignalTable, Partial<SeasonalOptions>, RegExp]>([
    ['a day that came once', loadTable(1), {}, /span 1\.0 periods/],
    ['no clock', loadTable(3), { clock: 'when' }, /No column is named 'when'/],
    ['a clock alone', { names: ['time'], columns: [loadTable(3).columns[0]] }, {}, /no signal beside 'time'/],
    ['a period of 0', loadTable(3), { season: { period: 0, weekends: false } }, /does not come round/],
  ])('refuses %s', (_, table, options, detail) => {
    expect(learnSeasonal(table, options)).toMatchObject({
      ok: false,
      fault: { detail: expect.stringMatching(detail) },
    });
  });
});

describe('novelty of a signal with a season', () => {
  /** The highest score at 3 o'clock of the last night, with these loads at that hour of the twelve nights. */
  function scoreOfLastNight(season: Season | undefined, loadOf: (night: number) => number): number {
    const signal = new NoveltyOfSignal(season);
    const { columns } = loadTable(12);
    let most = 0;
    for (const [row, timeUs] of columns[0].entries()) {
      const isAtThree = Math.floor(timeUs / HOUR_US) % 24 === 3;
      const score = signal.push(isAtThree ? loadOf(Math.floor(row / 96)) + random() : columns[1][row], timeUs);
      if (isAtThree && row >= 11 * 96) most = Math.max(most, score);
    }
    return most;
  }

  it('finds a load that is usual by day and has never been at night', () => {
    const onceAsByDay = (night: number) => (night === 11 ? 100 : 20);
    expect(scoreOfLastNight(DAY, onceAsByDay)).toBeGreaterThan(1.3 * scoreOfLastNight(undefined, onceAsByDay));
  });

  it('grows used to what is new every night', () => {
    const news = (night: number) => 150 + 40 * night;
    const once = (night: number) => (night === 11 ? news(night) : 20);
    expect(scoreOfLastNight(DAY, news)).toBeLessThan(0.3 * scoreOfLastNight(DAY, once));
    expect(scoreOfLastNight(DAY, news)).toBeLessThan(0.8 * scoreOfLastNight(undefined, news));
  });

  it('has no score for a value or a time that is none, and goes on', () => {
    const signal = new NoveltyOfSignal(DAY);
    for (let i = 0; i < 200; i++) signal.push(random(), MONDAY_US + i * HOUR_US);
    expect(signal.push(Number.NaN, MONDAY_US)).toBeNaN();
    expect(signal.push(1, Number.NaN)).toBeNaN();
    expect(signal.push(0.5, MONDAY_US + 201 * HOUR_US)).toBeGreaterThanOrEqual(0);
  });
});
