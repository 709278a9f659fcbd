/** The health index of a life as it went, beside earlier ones that looked like it: each lies so that it was then as this one is now. */

import type { FleetCourses, FleetEstimate } from '@tidegate/platform/northbound/contract/healthLives.ts';
import type { PlotColumn } from '../../plot/plotPath.ts';
import type { PlotLine } from '../../plot/TimePlot.tsx';
import { wayToLimit } from '../evidence/evidencePlot.ts';
import { unitText } from './livesWords.ts';

const US_PER_DAY = 86_400e6;
/** More lines than these nobody tells apart. */
const MOST_OTHERS = 4;

export interface CoursePlot {
  readonly lines: readonly PlotLine[];
  readonly startMs: number;
  readonly endMs: number;
  /** The moment that it rests on. */
  readonly restMs: number;
}

/** `undefined` where there is no course of the life that goes on. */
export function coursePlot(estimate: FleetEstimate, courses: FleetCourses['courses']): CoursePlot | undefined {
  const { asset, number, at, similar, life, horizonDays } = estimate;
  const own = courses.find((course) => course.asset.id === asset.id && course.number === number);
  if (!own || own.times.length === 0) return undefined;
  const shown = similar.slice(0, MOST_OTHERS);
  const farthest = Math.max(life?.highDays ?? horizonDays, ...shown.map(({ leftDays }) => leftDays));
  const last = at + farthest * US_PER_DAY;
  // As much is shown of what was as of what is to come.
  const first = Math.max(own.times[0], at - (last - at));
  const lines = shown.flatMap((one): PlotLine[] => {
    const course = courses.find((other) => other.asset.id === one.asset.id && other.number === one.number);
    const end = course?.times.at(-1);
    if (!course || end === undefined) return [];
    return [{ name: unitText(one), look: 'other', ...within(course, at + one.leftDays * US_PER_DAY - end, first) }];
  });
  lines.push({ name: unitText({ asset, number: own.number }), look: 'actual', ...within(own, 0, first) });
  const now = own.indexDays.findLast((index) => index !== null) ?? 0;
  const ahead = wayToLimit({ limit: { at: 0, side: 'low' }, life }, { time: at, value: now }, last);
  if (ahead) {
    lines.push({ name: 'estimate', look: 'ahead', times: ahead.times, values: ahead.likely });
    const band = { lows: ahead.lows, highs: ahead.highs };
    lines.push({ name: 'its range', look: 'none', times: ahead.times, values: [], band });
  }
  return { lines, startMs: first / 1_000, endMs: last / 1_000, restMs: at / 1_000 };
}

/** A course later by `shift`, from `first` on. */
function within({ times, indexDays }: FleetCourses['courses'][number], shift: number, first: number): PlotColumn {
  const begin = times.findIndex((time) => time + shift >= first);
  if (begin < 0) return { times: [], values: [] };
  return { times: times.slice(begin).map((time) => time + shift), values: indexDays.slice(begin) };
}
