import { describe, expect, it } from 'vitest';
import { seededRandom } from '../boost/seededRandom.ts';
import { NoveltyOfSignal } from './noveltyOfSignal.ts';
import { DAY, type Season, slotAt, slotBeside } from './season.ts';

const HOUR_US = 3600e6;
/** 2024-01-01 was a Monday. */
const MONDAY_US = Date.UTC(2024, 0, 1) * 1000;
const random = seededRandom(5);

/** Busy from 8 to 18 on workdays. */
function load(timeUs: number): number {
  const hour = (timeUs / HOUR_US) % 24;
  const isWeekend = [0, 6].includes(new Date(timeUs / 1000).getUTCDay());
  return (hour >= 8 && hour < 18 && !isWeekend ? 100 : 20) + random();
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

describe('novelty of a signal with a season', () => {
  /** The highest score at 3 o'clock of the last night, with these loads at that hour of the twelve nights. */
  function scoreOfLastNight(season: Season | undefined, loadOf: (night: number) => number): number {
    const signal = new NoveltyOfSignal(season);
    let most = 0;
    for (let row = 0; row < 12 * 96; row++) {
      const timeUs = MONDAY_US + (row * HOUR_US) / 4;
      const isAtThree = Math.floor(timeUs / HOUR_US) % 24 === 3;
      const score = signal.push(isAtThree ? loadOf(Math.floor(row / 96)) + random() : load(timeUs), timeUs);
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
