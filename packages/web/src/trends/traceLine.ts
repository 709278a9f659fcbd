/** The line of one tag: joined where the samples are good, broken where there is no value, never more than pixels can show. */

import { severityOf } from '@tidegate/core/sample/statusCode.ts';
import type { SampleSeries } from './sampleSeries.ts';

/** What of a canvas path is needed, so that a test can write down what is drawn. */
export interface Pen {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
}

export interface LineFrame {
  /** Microseconds since 1970. */
  readonly start: number;
  readonly end: number;
  readonly stepped: boolean;
  readonly toX: (time: number) => number;
  readonly toY: (value: number) => number;
  /** Pixels between `start` and `end`. */
  readonly width: number;
}

/** From so many samples in a pixel on, a pixel shows their first, lowest, highest and last. */
const DENSE = 4;

/** Whether a sample has a point on the line: a bad one has none, even where it brings a value. */
export function isDrawn(series: SampleSeries, place: number): boolean {
  return Number.isFinite(series.valueAt(place)) && severityOf(series.statusAt(place)) !== 'bad';
}

/**
 * Draws the samples of the frame and the neighbour on either side, so that the line enters and leaves it. A stepped line
 * holds each value until the next sample.
 */
export function traceLine(series: SampleSeries, frame: LineFrame, pen: Pen): void {
  const from = Math.max(0, series.lowerBound(frame.start) - 1);
  const to = Math.min(series.length, series.lowerBound(frame.end) + 1);
  if (to - from > DENSE * frame.width) denseLine(series, frame, from, to, pen);
  else sparseLine(series, frame, from, to, pen);
}

function sparseLine(series: SampleSeries, frame: LineFrame, from: number, to: number, pen: Pen): void {
  let down = false;
  let points = 0;
  let x = 0;
  let y = 0;
  /** A sample that stands alone between two gaps is a dot: a line of no length, which a round cap makes visible. */
  const lift = () => {
    if (down && points === 1) pen.lineTo(x, y);
    down = false;
  };
  for (let place = from; place < to; place++) {
    const nextX = frame.toX(series.timeAt(place));
    if (!isDrawn(series, place)) {
      // A held value is known until the moment at which it became bad.
      if (down && frame.stepped) {
        pen.lineTo(nextX, y);
        points++;
      }
      lift();
      continue;
    }
    const nextY = frame.toY(series.valueAt(place));
    if (down) {
      if (frame.stepped && nextY !== y) pen.lineTo(nextX, y);
      pen.lineTo(nextX, nextY);
      points++;
    } else {
      pen.moveTo(nextX, nextY);
      points = 1;
    }
    down = true;
    x = nextX;
    y = nextY;
  }
  lift();
}

function denseLine(series: SampleSeries, frame: LineFrame, from: number, to: number, pen: Pen): void {
  let column = Number.NaN;
  let down = false;
  let low = 0;
  let high = 0;
  let last = 0;
  const flush = () => {
    if (low !== high) {
      pen.lineTo(column, low);
      pen.lineTo(column, high);
    }
    pen.lineTo(column, last);
  };
  for (let place = from; place < to; place++) {
    if (!isDrawn(series, place)) {
      if (down) flush();
      down = false;
      continue;
    }
    const x = Math.round(frame.toX(series.timeAt(place)));
    const y = frame.toY(series.valueAt(place));
    if (down && x === column) {
      if (y < low) low = y;
      if (y > high) high = y;
      last = y;
      continue;
    }
    if (down) {
      flush();
      if (frame.stepped) pen.lineTo(x, last);
      pen.lineTo(x, y);
    } else {
      pen.moveTo(x, y);
    }
    down = true;
    column = x;
    low = high = last = y;
  }
  if (down) flush();
}

/** Lowest and highest value of the line within `start` and `end`, entering values included; low above high where none. */
export function lineExtent(series: SampleSeries, start: number, end: number): { low: number; high: number } {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  const to = series.lowerBound(end);
  for (let place = Math.max(0, series.lowerBound(start) - 1); place < to; place++) {
    if (!isDrawn(series, place)) continue;
    const value = series.valueAt(place);
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high };
}
