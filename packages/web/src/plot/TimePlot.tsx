/** A small plot over time: lines, bands, limits and marked moments, read with the pointer or the arrow keys. */

import { type KeyboardEvent, useLayoutEffect, useRef, useState } from 'react';
import { formatGiven, formatNumber } from '../reading/number.ts';
import { NO_VALUE } from '../reading/readValue.ts';
import { formatMoment } from '../reading/span.ts';
import { formatUnit } from '../reading/unit.ts';
import { timeLabels } from '../trends/timeAxis.ts';
import { bandPath, linePath, type PlotColumn, valueAt } from './plotPath.ts';
import { type PlotScale, plotScale, timeTicks, valueTicks } from './plotScale.ts';

/** How a line looks: what was measured, what is expected, what would be with a change, what is to come; a band alone. */
type PlotLook = 'actual' | 'expected' | 'other' | 'ahead' | 'none';

export interface PlotLine extends PlotColumn {
  readonly name: string;
  readonly look: PlotLook;
  readonly stepped?: boolean;
  /** Its band at each time. */
  readonly band?: { readonly lows: readonly (number | null)[]; readonly highs: readonly (number | null)[] } | undefined;
}

export interface PlotShade {
  /** Microseconds since 1970. */
  readonly start: number;
  readonly end: number;
  readonly kind: 'none' | 'doubtful';
}

interface TimePlotProps {
  readonly label: string;
  readonly lines: readonly PlotLine[];
  readonly startMs: number;
  readonly endMs: number;
  readonly unit?: string | undefined;
  readonly rules?: readonly { readonly value: number; readonly name: string }[];
  readonly marks?: readonly { readonly timeUs: number; readonly name: string }[];
  /** Times in which something is wrong with the values, or there are none. */
  readonly shades?: readonly PlotShade[];
  /** What is read where nobody points; the end where it is left out. */
  readonly restMs?: number | undefined;
  /** Pixels. */
  readonly height?: number;
}

const MARGIN = { left: 58, right: 12, top: 14, bottom: 36 };
/** An arrow key moves the cursor by this share of the span. */
const STEP = 0.02;
const TICK_ROOM = { x: 90, y: 24 };
/** A label nearer to the end than this would be cut off there. */
const LABEL_ROOM = 26;

export function TimePlot({
  label,
  lines,
  startMs,
  endMs,
  unit = '',
  rules = [],
  marks = [],
  shades = [],
  restMs = endMs,
  height = 190,
}: TimePlotProps) {
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place);
  const [cursorMs, setCursorMs] = useState<number>();
  const box = {
    left: MARGIN.left,
    top: MARGIN.top,
    width: Math.max(40, width - MARGIN.left - MARGIN.right),
    height: height - MARGIN.top - MARGIN.bottom,
  };
  const scale = plotScale(box, [startMs, endMs], heightsOf(lines, rules));
  const onKeyDown = (event: KeyboardEvent) => {
    const direction = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (direction === undefined) return;
    event.preventDefault();
    const moved = (cursorMs ?? restMs) + direction * STEP * (endMs - startMs);
    setCursorMs(Math.min(endMs, Math.max(startMs, moved)));
  };
  const atMs = cursorMs ?? restMs;
  return (
    <figure className="plot">
      <div
        ref={place}
        role="img"
        aria-label={`${label}. The arrow keys read it.`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the plot is read with the arrow keys
        tabIndex={0}
        onKeyDown={onKeyDown}
        onPointerMove={({ clientX, currentTarget }) => {
          const part = (clientX - currentTarget.getBoundingClientRect().left - box.left) / box.width;
          setCursorMs(startMs + Math.min(1, Math.max(0, part)) * (endMs - startMs));
        }}
        onPointerLeave={() => setCursorMs(undefined)}
      >
        <svg
          width={Math.max(1, width)}
          height={height}
          viewBox={`0 0 ${Math.max(1, width)} ${height}`}
          aria-hidden="true"
        >
          {shades.map(({ start, end, kind }) => (
            <path
              key={`${start} ${kind}`}
              className={`plot-shade ${kind}`}
              d={`M${scale.x(start)} ${box.top}H${scale.x(end)}v${box.height}H${scale.x(start)}Z`}
            />
          ))}
          <Axes scale={scale} />
          {lines.map((line) => (
            <LineShape key={line.name} line={line} scale={scale} />
          ))}
          {rules.map(({ value, name }) => (
            <g key={name} className="plot-rule">
              <path d={`M${box.left} ${scale.y(value)}h${box.width}`} />
              <text x={box.left + box.width - 4} y={scale.y(value) - 4} textAnchor="end">
                {name}
              </text>
            </g>
          ))}
          {marks.map(({ timeUs, name }) => (
            <path key={`${timeUs} ${name}`} className="plot-mark" d={`M${scale.x(timeUs)} ${box.top}v${box.height}`}>
              <title>{name}</title>
            </path>
          ))}
          {cursorMs !== undefined && (
            <path className="plot-cursor" d={`M${scale.x(cursorMs * 1_000)} ${box.top}v${box.height}`} />
          )}
        </svg>
      </div>
      <figcaption aria-live={cursorMs === undefined ? 'off' : 'polite'}>
        <span className="plot-time">{formatMoment(atMs).slice(0, -4)}</span>
        {lines.map((line) =>
          line.look === 'none' ? null : (
            <span key={line.name} className={`plot-key ${line.look}`}>
              <svg viewBox="0 0 22 8" width="22" height="8" aria-hidden="true">
                <path d="M1 4h20" className={`plot-line ${line.look}`} />
              </svg>
              {line.name} <b>{readingText(line, atMs * 1_000)}</b> {formatUnit(unit)}
            </span>
          ),
        )}
      </figcaption>
    </figure>
  );
}

function readingText(line: PlotLine, timeUs: number): string {
  const value = valueAt(line, timeUs);
  return value === null || value === undefined ? NO_VALUE : formatNumber(value);
}

function* heightsOf(
  lines: readonly PlotLine[],
  rules: readonly { readonly value: number }[],
): Generator<number | null, void> {
  for (const { values, band } of lines) {
    yield* values;
    if (band) {
      yield* band.lows;
      yield* band.highs;
    }
  }
  for (const { value } of rules) yield value;
}

function LineShape({ line, scale }: { readonly line: PlotLine; readonly scale: PlotScale }) {
  const { times, band, look, stepped } = line;
  return (
    <>
      {band && <path className="plot-band" d={bandPath(times, band.lows, band.highs, scale)} />}
      <path className={`plot-line ${look}`} d={linePath(line, scale, stepped)} />
    </>
  );
}

function Axes({ scale }: { readonly scale: PlotScale }) {
  const { box, low, high, startMs, endMs, x, y } = scale;
  const { ticks, stepMs } = timeTicks(startMs, endMs, Math.floor(box.width / TICK_ROOM.x));
  const labels = timeLabels(
    ticks.map((tick) => tick / 1_000),
    stepMs / 1_000,
    startMs / 1_000,
  );
  const foot = box.top + box.height;
  return (
    <g className="plot-axes">
      {valueTicks(low, high, Math.floor(box.height / TICK_ROOM.y)).map((value) => (
        <g key={value}>
          <path d={`M${box.left} ${y(value)}h${box.width}`} />
          <text x={box.left - 6} y={y(value)} textAnchor="end" dominantBaseline="central">
            {tickText(value)}
          </text>
        </g>
      ))}
      {ticks.map((tick, place) => (
        <g key={tick}>
          <path d={`M${x(tick * 1_000)} ${foot}v4`} />
          {labels[place].split('\n').map((text, line) => (
            <text
              key={text}
              x={x(tick * 1_000)}
              y={foot + 15 + 13 * line}
              textAnchor={x(tick * 1_000) > box.left + box.width - LABEL_ROOM ? 'end' : 'middle'}
            >
              {text}
            </text>
          ))}
        </g>
      ))}
    </g>
  );
}

/** A tick is round already: no digits are added to it. */
function tickText(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential();
  return formatGiven(value);
}

/** The width of an element in pixels, as it changes. */
export function useWidth(place: React.RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = place.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    setWidth(element.clientWidth);
    return () => observer.disconnect();
  }, [place]);
  return width;
}
