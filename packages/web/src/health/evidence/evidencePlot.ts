/** What the plots of a case show: features against their normal and on their way to a limit, and what wears. */

import type { HealthEvidence } from '@tidegate/platform/northbound/contract/healthEvidence.ts';
import type { PlotColumn } from '../../plot/plotPath.ts';
import type { PlotLine, PlotShade } from '../../plot/TimePlot.tsx';
import { FULL_QUALITY } from '../cases/caseWords.ts';
import { type SpokenUnit, scaled, spokenUnit } from '../quantity.ts';

export type Sign = HealthEvidence['signs'][number];
type Column = readonly (number | null)[];

const US_PER_DAY = 86_400e6;
/** Points of a line to come, so that it can be read anywhere. */
const AHEAD_POINTS = 60;
/** What is to come takes no more of the plot than what has been. */
const MOST_AHEAD = 1;
/** From this part of the way to the limit on, the limit is shown without being asked for. */
const NEAR_LIMIT = 0.1;

/** The limit as a value and its side, whether or not it is far away. */
export function isNearLimit({ limit, normal, level, mean }: Sign): boolean {
  const now = level.findLast((value) => value !== null) ?? mean.findLast((value) => value !== null);
  if (!limit || !normal || now === null || now === undefined) return limit !== null && normal === null;
  return (now - normal.at) / (limit.at - normal.at) >= NEAR_LIMIT;
}

export interface SignPlot {
  readonly lines: readonly PlotLine[];
  readonly rules: readonly { readonly value: number; readonly name: string }[];
  readonly startMs: number;
  readonly endMs: number;
  /** The end of what was measured. */
  readonly restMs: number;
  readonly unit: SpokenUnit;
}

interface SignPlotOptions {
  /** On the way to the limit, with what is to come; otherwise as it has been alone. */
  readonly withLimit: boolean;
  /** When the data last spoke for the trend: it goes no further where nothing is known of what is to come. */
  readonly spokeUntil?: number | undefined;
}

export function signPlot(
  evidence: HealthEvidence,
  sign: Sign,
  { withLimit, spokeUntil = Number.POSITIVE_INFINITY }: SignPlotOptions,
): SignPlot {
  const { times, start, end } = evidence;
  const { normal, limit, trend, mean, level } = sign;
  const shownLimit = withLimit ? limit : null;
  const unit = spokenUnit(sign.unit, [...mean, normal?.at, shownLimit?.at]);
  const base = lastLevel(evidence, sign);
  const last = withLimit ? lastMoment(evidence, sign, base?.time ?? end) : end;
  const until = (values: Column): PlotColumn => ({
    times: [...times, end],
    values: [...scaled(values, unit), null],
  });
  const lines: PlotLine[] = [];
  if (normal) {
    const flat = (value: number) => [value / unit.scale, value / unit.scale];
    const band = { lows: flat(normal.low), highs: flat(normal.high) };
    lines.push({ name: 'normal', look: 'expected', times: [start, last], values: flat(normal.at), band });
  }
  lines.push({ name: 'measured', look: 'actual', ...until(mean) });
  if (level.some((value) => value !== null)) lines.push({ name: 'smoothed', look: 'other', ...until(level) });
  const ahead = withLimit && base ? wayToLimit(sign, base, last) : undefined;
  if (trend) {
    const { times, values } = trendLine(trend, start, Math.min(spokeUntil, ahead && base ? base.time : last));
    const rest = ahead ?? { times: [], likely: [] };
    lines.push({
      ...{ name: 'trend', look: 'ahead', times: [...times, ...rest.times] },
      values: scaled([...values, ...rest.likely], unit),
    });
  }
  if (ahead) {
    const band = { lows: scaled(ahead.lows, unit), highs: scaled(ahead.highs, unit) };
    lines.push({ name: 'range of what is to come', look: 'none', times: ahead.times, values: [], band });
  }
  const rules = shownLimit ? [{ value: shownLimit.at / unit.scale, name: 'limit' }] : [];
  return { lines, rules, startMs: start / 1_000, endMs: last / 1_000, restMs: (base?.at ?? end) / 1_000, unit };
}

interface Base {
  /** Microseconds since 1970: the beginning of the last point, and its end. */
  readonly at: number;
  readonly time: number;
  readonly value: number;
}

function lastLevel({ times, pointSeconds, end }: HealthEvidence, { level, mean }: Sign): Base | undefined {
  const column = level.some((value) => value !== null) ? level : mean;
  const row = column.findLastIndex((value) => value !== null);
  const value = column[row];
  if (value === null || value === undefined) return undefined;
  return { at: times[row], time: Math.min(end, times[row] + pointSeconds * 1e6), value };
}

function lastMoment({ start, end }: HealthEvidence, { trend, life }: Sign, from: number): number {
  const farthest = life?.highDays ?? life?.medianDays ?? life?.lowDays ?? 0;
  const wanted = Math.max(end, trend?.times[1] ?? end, from + farthest * US_PER_DAY);
  return Math.min(wanted, end + MOST_AHEAD * (end - start));
}

/** The line of a drift within `start` and `end`, or its own ends. */
function trendLine({ times: [from, to], values }: NonNullable<Sign['trend']>, start: number, end: number) {
  const [first, second] = values;
  const times = evenTimes(Math.max(start, from), Math.min(end, to));
  return { times, values: times.map((time) => first + ((time - from) / (to - from)) * (second - first)) };
}

function evenTimes(start: number, end: number): number[] {
  if (!(end > start)) return [];
  return Array.from({ length: AHEAD_POINTS + 1 }, (_, at) => start + (at / AHEAD_POINTS) * (end - start));
}

interface Way {
  readonly times: number[];
  /** `null` once the limit is reached. */
  readonly likely: (number | null)[];
  readonly lows: number[];
  readonly highs: number[];
}

/** From where it stands to the limit: most likely, at the earliest and at the latest; none where no time is known. */
export function wayToLimit(
  { limit, life }: Pick<Sign, 'limit' | 'life'>,
  from: Pick<Base, 'time' | 'value'>,
  last: number,
): Way | undefined {
  if (!limit || !life || life.lowDays === null || !(last > from.time)) return undefined;
  const { lowDays, medianDays, highDays } = life;
  const rise = limit.at - from.value;
  const wayAt = (days: number | null, time: number) => {
    if (days === null) return from.value;
    const part = days > 0 ? (time - from.time) / (days * US_PER_DAY) : 1;
    return from.value + Math.min(1, part) * rise;
  };
  const reached = from.time + (medianDays ?? Number.POSITIVE_INFINITY) * US_PER_DAY;
  const times = evenTimes(from.time, last);
  if (reached < last) times.push(reached);
  times.sort((a, b) => a - b);
  const ways = times.map((time) => [wayAt(lowDays, time), wayAt(highDays, time)]);
  return {
    times,
    likely: times.map((time) => (time > reached ? null : wayAt(medianDays, time))),
    lows: ways.map((way) => Math.min(...way)),
    highs: ways.map((way) => Math.max(...way)),
  };
}

/** Times without data, and times in which some of the data were not good. */
export function qualityShades({ times, quality, pointSeconds }: HealthEvidence): PlotShade[] {
  const shades: { start: number; end: number; kind: PlotShade['kind'] }[] = [];
  for (const [row, value] of quality.entries()) {
    if (value !== null && value >= FULL_QUALITY) continue;
    const kind = value === null || value === 0 ? 'none' : 'doubtful';
    const before = shades.at(-1);
    const end = times[row] + pointSeconds * 1e6;
    if (before?.kind === kind && before.end >= times[row]) before.end = end;
    else shades.push({ start: times[row], end, kind });
  }
  return shades;
}

/** What is added to Miner's sum, for each day of `times`, as a stepped column; `null` where a day has no two values. */
export function damagePerDay(times: readonly number[], sums: Column): PlotColumn {
  const days: number[] = [];
  const added: (number | null)[] = [];
  let before: number | null = null;
  let day = Number.NaN;
  let newest: number | null = null;
  const close = () => {
    if (Number.isNaN(day)) return;
    days.push(day * US_PER_DAY);
    added.push(before !== null && newest !== null ? Math.max(0, newest - before) : null);
    before = newest ?? before;
  };
  for (const [row, time] of times.entries()) {
    const own = Math.floor(time / US_PER_DAY);
    if (own !== day) {
      close();
      day = own;
      newest = null;
    }
    newest = sums[row] ?? newest;
  }
  close();
  if (days.length === 0) return { times: [], values: [] };
  // The last day lasts until its end.
  return { times: [...days, (day + 1) * US_PER_DAY], values: [...added, null] };
}
