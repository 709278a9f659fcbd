/** Paints lines and quality onto the canvas of the trend. */

import { US_PER_MS } from '@tidegate/core/clock/timestamp.ts';
import { severityOf } from '@tidegate/core/sample/statusCode.ts';
import type uPlot from 'uplot';
import { themeColour } from '../theme/theme.ts';
import { qualityRuns } from './qualityRuns.ts';
import { textRuns } from './textRuns.ts';
import { isDrawn, traceLine } from './traceLine.ts';
import type { TrendLine, TrendModel } from './trendModel.ts';

const LINE_WIDTH = 1.75;
/** Height of the ribbon in which each line shows its quality, at the foot of the trend. */
const RIBBON = 5;

/** Height of the bar of a tag of texts, at the head of the trend. */
const TEXT_BAR = 18;
const TEXT_BAR_GAP = 4;

/** Room that the bars of texts need above the lines, in the same units. */
export function textRoom(model: TrendModel): number {
  return model.lines.filter(({ trace }) => trace.tag.type === 'string').length * (TEXT_BAR + TEXT_BAR_GAP);
}

export interface Palette {
  readonly traces: readonly string[];
  readonly shadeBad: string;
  readonly shadeUncertain: string;
  readonly grid: string;
  readonly ink: string;
  readonly ground: string;
}

export function readPalette(): Palette {
  return {
    traces: Array.from({ length: 8 }, (_, place) => themeColour(`--trace-${place + 1}`)),
    shadeBad: themeColour('--shade-bad'),
    shadeUncertain: themeColour('--shade-uncertain'),
    grid: themeColour('--grid'),
    ink: themeColour('--ink-soft'),
    ground: themeColour('--raised'),
  };
}

/** Dashes of the second half of the palette, in CSS pixels. */
export const dashOf = (colour: number): number[] => (colour < 4 ? [] : [7, 4]);

/** `ratio` is how many pixels of the canvas a unit of the measures above is. */
export function paintTrend(plot: uPlot, model: TrendModel, palette: Palette, ratio: number): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  const hatch = hatchOf(ctx, palette.shadeUncertain, ratio);
  for (const line of model.lines) paintQuality(plot, model, line, palette, hatch, ratio);
  for (const line of model.lines) paintLine(plot, model, line, palette, ratio);
  ctx.restore();
  paintTexts(plot, model, palette, ratio);
}

const toX = (plot: uPlot) => (timeUs: number) => plot.valToPos(timeUs / 1_000_000, 'x', true);

/** The stretch is shaded behind all lines, and a ribbon in the colour of the line says whose stretch it is. */
function paintQuality(
  plot: uPlot,
  model: TrendModel,
  line: TrendLine,
  palette: Palette,
  hatch: CanvasPattern | string,
  ratio: number,
): void {
  const { ctx, bbox } = plot;
  const { trace, history } = line;
  const x = toX(plot);
  const runs = qualityRuns(
    history.series,
    model.startMs * US_PER_MS,
    model.endMs * US_PER_MS,
    line.knownUntilMs * US_PER_MS,
  );
  const ribbon = RIBBON * ratio;
  const foot = bbox.top + bbox.height - (model.lines.indexOf(line) + 1) * ribbon;
  for (const run of runs) {
    const left = x(run.from);
    const width = Math.max(1, x(run.to) - left);
    ctx.fillStyle = run.severity === 'bad' ? palette.shadeBad : hatch;
    ctx.fillRect(left, bbox.top, width, bbox.height);
    ctx.fillStyle = palette.traces[trace.colour];
    const height = run.severity === 'bad' ? ribbon - 1 : ribbon / 2;
    ctx.fillRect(left, foot + ribbon - 1 - height, width, height);
  }
}

function paintLine(plot: uPlot, model: TrendModel, line: TrendLine, palette: Palette, ratio: number): void {
  const { tag, colour } = line.trace;
  const axis = model.axes.find(({ tags }) => tags.includes(tag.index));
  if (!axis) return;
  const { ctx } = plot;
  const { series } = line.history;
  const x = toX(plot);
  const y = (value: number) => plot.valToPos(value, axis.key, true);
  ctx.strokeStyle = palette.traces[colour];
  ctx.lineWidth = LINE_WIDTH * ratio;
  ctx.lineJoin = 'round';
  ctx.lineCap = 'round';
  ctx.setLineDash(dashOf(colour).map((length) => length * ratio));
  ctx.beginPath();
  const stepped = tag.stepped || tag.type === 'boolean';
  const start = model.startMs * US_PER_MS;
  const end = model.endMs * US_PER_MS;
  traceLine(series, { start, end, stepped, toX: x, toY: y, width: plot.bbox.width }, ctx);
  ctx.stroke();
  paintHeld(ctx, line, Math.min(end, line.knownUntilMs * US_PER_MS), x, y, ratio);
}

/** Since its last sample nothing has changed that was worth another: thin dots carry the value on to the present. */
function paintHeld(
  ctx: CanvasRenderingContext2D,
  { history: { series } }: TrendLine,
  until: number,
  x: (time: number) => number,
  y: (value: number) => number,
  ratio: number,
): void {
  const last = series.length - 1;
  if (last < 0 || !isDrawn(series, last) || severityOf(series.statusAt(last)) !== 'good') return;
  const from = series.timeAt(last);
  if (from >= until) return;
  ctx.lineWidth = ratio;
  ctx.setLineDash([ratio, 4 * ratio]);
  ctx.beginPath();
  ctx.moveTo(x(from), y(series.valueAt(last)));
  ctx.lineTo(x(until), y(series.valueAt(last)));
  ctx.stroke();
}

/** A tag of texts has no height to draw: a bar says what it said and when, edged in the colour of the tag. */
function paintTexts(plot: uPlot, model: TrendModel, palette: Palette, ratio: number): void {
  const { ctx, bbox } = plot;
  const x = toX(plot);
  const height = TEXT_BAR * ratio;
  let top = bbox.top - textRoom(model) * ratio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, 0, bbox.width, bbox.top);
  ctx.clip();
  ctx.font = `${12 * ratio}px ${getComputedStyle(plot.root).fontFamily}`;
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  ctx.lineWidth = ratio;
  ctx.setLineDash([]);
  for (const { trace, history, knownUntilMs } of model.lines) {
    if (trace.tag.type !== 'string') continue;
    ctx.strokeStyle = palette.traces[trace.colour];
    const until = knownUntilMs * US_PER_MS;
    for (const run of textRuns(history.series, model.startMs * US_PER_MS, model.endMs * US_PER_MS, until)) {
      const left = x(run.from);
      const width = x(run.to) - left;
      ctx.fillStyle = palette.ground;
      ctx.fillRect(left, top, width, height);
      ctx.strokeRect(left, top, width, height);
      ctx.fillStyle = palette.ink;
      ctx.fillText(shortened(ctx, run.text, width - 8 * ratio), left + 5 * ratio, top + height / 2);
    }
    top += height + TEXT_BAR_GAP * ratio;
  }
  ctx.restore();
}

/** As much of a text as fits; nothing where not even its first letters do. */
function shortened(ctx: CanvasRenderingContext2D, text: string, width: number): string {
  if (ctx.measureText(text).width <= width) return text;
  for (let length = text.length - 1; length > 1; length--) {
    const short = `${text.slice(0, length)}\u2026`;
    if (ctx.measureText(short).width <= width) return short;
  }
  return '';
}

function hatchOf(ctx: CanvasRenderingContext2D, colour: string, ratio: number): CanvasPattern | string {
  const size = Math.round(8 * ratio);
  const tile = document.createElement('canvas');
  tile.width = tile.height = size;
  const pen = tile.getContext('2d');
  if (!pen) return colour;
  pen.strokeStyle = colour;
  pen.lineWidth = ratio;
  for (const offset of [-size, 0, size]) {
    pen.moveTo(offset, size);
    pen.lineTo(offset + size, 0);
  }
  pen.stroke();
  return ctx.createPattern(tile, 'repeat') ?? colour;
}
