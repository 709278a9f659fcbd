/** The two scales of a small plot: where a moment and a value lie, and which of them are labelled. */

import { paddedRange } from '../trends/axes.ts';

export interface PlotBox {
  /** Of the area of the lines, in pixels. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface PlotScale {
  readonly box: PlotBox;
  /** `startMs < endMs`, milliseconds since 1970. */
  readonly startMs: number;
  readonly endMs: number;
  readonly low: number;
  readonly high: number;
  readonly x: (timeUs: number) => number;
  readonly y: (value: number) => number;
}

export function plotScale(
  box: PlotBox,
  span: readonly [startMs: number, endMs: number],
  values: Iterable<number | null>,
): PlotScale {
  const [startMs, endMs] = span;
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value === null || !Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  [low, high] = paddedRange(low, high);
  const x = (timeUs: number) => box.left + ((timeUs / 1_000 - startMs) / (endMs - startMs)) * box.width;
  const y = (value: number) => box.top + (1 - (value - low) / (high - low)) * box.height;
  return { box, startMs, endMs, low, high, x, y };
}

/** Round values from `low` to `high`, about `count` of them: steps of 1, 2 or 5 times a power of ten. */
export function valueTicks(low: number, high: number, count: number): number[] {
  const rough = (high - low) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10) * power;
  const ticks: number[] = [];
  for (let at = Math.ceil(low / step); at * step <= high; at++) ticks.push(Number((at * step).toPrecision(12)));
  return ticks;
}

const S = 1_000;
const MIN = 60 * S;
const H = 60 * MIN;
const DAY = 24 * H;
const TIME_STEPS = [
  ...[S, 2 * S, 5 * S, 10 * S, 15 * S, 30 * S],
  ...[MIN, 2 * MIN, 5 * MIN, 10 * MIN, 15 * MIN, 30 * MIN],
  ...[H, 2 * H, 3 * H, 6 * H, 12 * H, DAY, 2 * DAY, 7 * DAY, 14 * DAY, 28 * DAY],
  ...[56 * DAY, 91 * DAY, 182 * DAY, 364 * DAY, 728 * DAY, 3_640 * DAY],
];

/** Round moments of local time within the span, at most `count`, and the step between them; milliseconds. */
export function timeTicks(startMs: number, endMs: number, count: number): { ticks: number[]; stepMs: number } {
  const rough = (endMs - startMs) / Math.max(1, count);
  const stepMs = TIME_STEPS.find((step) => step >= rough) ?? TIME_STEPS[TIME_STEPS.length - 1];
  const offsetMs = new Date(startMs).getTimezoneOffset() * MIN;
  const first = Math.ceil((startMs - offsetMs) / stepMs) * stepMs + offsetMs;
  const ticks: number[] = [];
  for (let at = first; at <= endMs && ticks.length < 100; at += stepMs) ticks.push(at);
  return { ticks, stepMs };
}
