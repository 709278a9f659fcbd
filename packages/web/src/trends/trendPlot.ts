/** The chart: uPlot gives the frame, axes, cursor and zoom; lines and quality are painted from the series themselves. */

import uPlot from 'uplot';
import { formatNumber } from '../reading/number.ts';
import { formatUnit } from '../reading/unit.ts';
import { timeLabels } from './timeAxis.ts';
import type { TrendModel } from './trendModel.ts';
import { type Palette, paintTrend, readPalette, textRoom } from './trendPainter.ts';

export interface TrendPlotEvents {
  /** The moment under the cursor; `undefined` when it has left. */
  cursor(timeMs: number | undefined): void;
  zoom(startMs: number, endMs: number): void;
  reset(): void;
}

/** More axes than this leave no room for the lines; the other scales are still drawn, without an axis. */
const MAX_AXES = 4;
const NARROW_PX = 620;
const MAX_AXES_NARROW = 2;
const SMALLEST_DRAG_PX = 6;
/** Pixels of a rem at which the sizes here are right. */
const DRAWN_AT_REM = 14;

/**
 * Lines have times of their own, so they are not joined into the table of one time column that uPlot draws by itself: it
 * is given the edges of the span and no values.
 */
export class TrendPlot {
  readonly #element: HTMLElement;
  readonly #events: TrendPlotEvents;
  #palette: Palette = readPalette();
  #plot: uPlot | undefined;
  #model: TrendModel | undefined;
  #layout = '';

  constructor(element: HTMLElement, events: TrendPlotEvents) {
    this.#element = element;
    this.#events = events;
  }

  show(model: TrendModel): void {
    this.#model = model;
    const { clientWidth, clientHeight } = this.#element;
    if (clientWidth === 0 || clientHeight === 0) return;
    const axes = model.axes.slice(0, clientWidth < NARROW_PX ? MAX_AXES_NARROW : MAX_AXES);
    const layout = [
      clientWidth,
      clientHeight,
      textRoom(model),
      ...model.axes.map(({ key, tags }) => `${key} ${tags}`),
    ].join('|');
    if (!this.#plot || layout !== this.#layout) {
      this.#plot?.destroy();
      this.#layout = layout;
      this.#plot = this.#build(model, axes.length, clientWidth, clientHeight);
    }
    const plot = this.#plot;
    // Draws at once, whether or not a scale has changed: the lines have gone on.
    plot.batch(() => {
      plot.setScale('x', { min: model.startMs / 1_000, max: model.endMs / 1_000 });
      for (const [key, [min, max]] of model.ranges) plot.setScale(key, { min, max });
    });
  }

  /** Takes the colours of the theme anew. */
  recolour(): void {
    this.#palette = readPalette();
    this.#layout = '';
    if (this.#model) this.show(this.#model);
  }

  /** Puts the cursor at a moment, as the pointer would. */
  pointAt(timeMs: number | undefined): void {
    const plot = this.#plot;
    if (!plot) return;
    const left = timeMs === undefined ? -10 : plot.valToPos(timeMs / 1_000, 'x');
    plot.setCursor({ left, top: timeMs === undefined ? -10 : plot.over.clientHeight / 2 });
  }

  destroy(): void {
    this.#plot?.destroy();
    this.#plot = undefined;
  }

  #build(model: TrendModel, axisCount: number, width: number, height: number): uPlot {
    const span = [model.startMs / 1_000, model.endMs / 1_000];
    const scales: uPlot.Scales = { x: { time: true, auto: false, min: span[0], max: span[1] } };
    for (const [key, [min, max]] of model.ranges) scales[key] = { auto: false, min, max };
    const axes = model.axes.slice(0, axisCount);
    const colours = axes.map(
      ({ tags }) => model.lines.find(({ trace }) => trace.tag.index === tags[0])?.trace.colour ?? 0,
    );
    const options: uPlot.Options = {
      width,
      height,
      // Only the data is clipped: labels of the axes may reach to the edge.
      padding: [10 + textRoom(model) * this.#scale(), axisCount < 2 ? 14 : 0, 0, axisCount === 0 ? 14 : 0],
      legend: { show: false },
      scales,
      series: [{}, ...model.axes.map(({ key }) => ({ scale: key, show: false }))],
      axes: [this.#timeAxis(), ...axes.map((axis, place) => this.#valueAxis(axis, colours[place], place))],
      cursor: {
        x: true,
        y: false,
        points: { show: false },
        drag: { x: true, y: false, setScale: false },
        bind: {
          dblclick: () => () => {
            this.#events.reset();
            return null;
          },
        },
      },
      hooks: {
        draw: [(plot) => this.#model && paintTrend(plot, this.#model, this.#palette, devicePixelRatio * this.#scale())],
        setCursor: [(plot) => this.#cursorMoved(plot)],
        setSelect: [(plot) => this.#selected(plot)],
      },
    };
    const data = [span, ...model.axes.map(() => [null, null])] as uPlot.AlignedData;
    return new uPlot(options, data, this.#element);
  }

  #timeAxis(): uPlot.Axis {
    return {
      ...this.#axisLook(),
      space: 92 * this.#scale(),
      size: 40 * this.#scale(),
      values: ({ scales: { x } }, splits, _, __, stepS) => timeLabels(splits, stepS, x.min ?? 0),
    };
  }

  /** An axis that belongs to one line has its colour. */
  #valueAxis(axis: TrendModel['axes'][number], colour: number, place: number): uPlot.Axis {
    const { key, label, isBoolean, tags } = axis;
    const look = this.#axisLook();
    return {
      ...look,
      scale: key,
      side: place % 2 === 0 ? 3 : 1,
      size: 46 * this.#scale(),
      space: 34 * this.#scale(),
      ...(label !== '' && {
        label: formatUnit(label),
        labelSize: 17 * this.#scale(),
        labelGap: 0,
        labelFont: look.font,
      }),
      ...(tags.length === 1 && { stroke: this.#palette.traces[colour] }),
      ...(isBoolean && { splits: () => [0, 1] }),
      values: (_, splits) => splits.map((value) => (isBoolean ? (value === 1 ? 'on' : 'off') : axisNumber(value))),
      grid: { ...look.grid, show: place === 0 },
      ticks: { ...look.ticks, show: place < 2 },
    };
  }

  /** The type of the page grows with the width of the window, and the axes with it. */
  #scale(): number {
    return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / DRAWN_AT_REM;
  }

  #axisLook() {
    const { ink, grid } = this.#palette;
    const font = `${12 * this.#scale()}px ${getComputedStyle(this.#element).fontFamily}`;
    const line = { stroke: grid, width: 1 };
    return { stroke: ink, font, grid: line, ticks: { ...line, size: 5 }, gap: 4 };
  }

  #cursorMoved(plot: uPlot): void {
    const { left } = plot.cursor;
    const inside = left !== undefined && left !== null && left >= 0;
    this.#events.cursor(inside ? plot.posToVal(left, 'x') * 1_000 : undefined);
  }

  #selected(plot: uPlot): void {
    const { left, width } = plot.select;
    if (width < SMALLEST_DRAG_PX) return;
    const startMs = plot.posToVal(left, 'x') * 1_000;
    const endMs = plot.posToVal(left + width, 'x') * 1_000;
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.#events.zoom(startMs, endMs);
  }
}

/** Labels of an axis are round already: no digits are added to them. */
function axisNumber(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) return formatNumber(value);
  return formatNumber(Number(value.toPrecision(6)))
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');
}
