/** Alarms per ten minutes over the period, with what one operator can bear. */

import { useRef } from 'react';
import { timeTicks, valueTicks } from '../../plot/plotScale.ts';
import { useWidth } from '../../plot/TimePlot.tsx';
import { formatSince } from '../../reading/span.ts';
import { timeLabels } from '../../trends/timeAxis.ts';
import { formatMean } from './analysisFigures.ts';
import { rateBars } from './rateBars.ts';

/** ANSI/ISA-18.2-2016, clause 16.5: per operator and ten minutes. */
const LIMITS = [
  { value: 1, name: '1 acceptable' },
  { value: 2, name: '2 manageable' },
  { value: 10, name: '10 flood' },
] as const;
const BOX = { left: 40, right: 88, top: 10, height: 170, foot: 36 };
const LEAST_BAR_PX = 3;
const TICK_ROOM_PX = 90;

interface RatePlotProps {
  readonly periods: readonly number[];
  readonly counts: readonly number[];
  readonly operators: number;
  readonly nowMs: number;
}

export function RatePlot({ periods, counts, operators, nowMs }: RatePlotProps) {
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place);
  const inner = Math.max(40, width - BOX.left - BOX.right);
  const bars = rateBars(periods, counts, operators, Math.floor(inner / LEAST_BAR_PX));
  const top = Math.max(12, ...bars.map(({ most }) => most)) * 1.05;
  const [startUs, endUs] = [bars[0]?.startUs ?? 0, bars.at(-1)?.endUs ?? 1];
  const x = (us: number) => BOX.left + ((us - startUs) / (endUs - startUs)) * inner;
  const y = (count: number) => BOX.top + (1 - count / top) * BOX.height;
  const foot = BOX.top + BOX.height;
  const worst = bars.reduce((most, bar) => (bar.most > (most?.most ?? -1) ? bar : most), bars[0]);
  const label = worst
    ? `Alarms per ten minutes: at most ${formatMean(worst.most)}, from ${formatSince(worst.startUs / 1_000, nowMs)} on`
    : 'Alarms per ten minutes';
  const { ticks, stepMs } = timeTicks(startUs / 1_000, endUs / 1_000, Math.floor(inner / TICK_ROOM_PX));
  const labels = timeLabels(
    ticks.map((tick) => tick / 1_000),
    stepMs / 1_000,
    startUs / 1_000_000,
  );
  return (
    <div ref={place} className="rate-plot" role="img" aria-label={label}>
      <svg width={Math.max(1, width)} height={foot + BOX.foot} aria-hidden="true">
        {valueTicks(0, top, 5).map((value) => (
          <text key={value} x={BOX.left - 6} y={y(value)} textAnchor="end" dominantBaseline="central">
            {value}
          </text>
        ))}
        {bars.map(({ startUs: from, endUs: to, most }) => (
          <rect
            key={from}
            className={most > 10 ? 'rate-bar over' : 'rate-bar'}
            x={x(from)}
            y={y(most)}
            width={Math.max(1, x(to) - x(from) - 1)}
            height={foot - y(most)}
          >
            <title>{`${formatSince(from / 1_000, nowMs)}: ${formatMean(most)}`}</title>
          </rect>
        ))}
        {LIMITS.map(({ value, name }) => (
          <g key={value} className="rate-limit">
            <path d={`M${BOX.left} ${y(value)}h${inner}`} />
            <text x={BOX.left + inner + 6} y={y(value)} dominantBaseline={value === 1 ? 'hanging' : 'auto'}>
              {name}
            </text>
          </g>
        ))}
        <path className="rate-foot" d={`M${BOX.left} ${foot}h${inner}`} />
        {ticks.map((tick, at) =>
          labels[at].split('\n').map((text, line) => (
            <text key={`${tick} ${text}`} x={x(tick * 1_000)} y={foot + 15 + 13 * line} textAnchor="middle">
              {text}
            </text>
          )),
        )}
      </svg>
    </div>
  );
}
