/** The chart, its keyboard and the read-out under its cursor. */

import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useLive } from '../live/useLive.ts';
import { formatMoment } from '../reading/span.ts';
import { useTheme } from '../theme/ThemeToggle.tsx';
import { readLine } from './readLine.ts';
import type { Trace } from './traces.ts';
import { type TrendModel, trendModel } from './trendModel.ts';
import { TrendPlot } from './trendPlot.ts';
import { shownSpan, type TrendAction, type TrendView, zoomed } from './trendWindow.ts';
import { drawEveryMs, useFrames } from './useTrendClock.ts';

interface TrendChartProps {
  readonly traces: readonly Trace[];
  readonly view: TrendView;
  readonly onAct: (action: TrendAction) => void;
  readonly onCursor: (timeMs: number | undefined) => void;
}

/** A press of an arrow key moves the cursor by this part of the span; with Shift by ten times as much. */
const STEP = 0.005;

export function TrendChart({ traces, view, onAct, onCursor }: TrendChartProps) {
  const live = useLive();
  const { element, plot, cursorMs } = usePlot(onAct, onCursor);
  const model = useRef<TrendModel>(undefined);
  const [spoken, setSpoken] = useState('');

  useFrames(drawEveryMs(view.windowMs), (nowMs) => {
    const next = trendModel(traces, shownSpan(view, nowMs), (tag) => live.knownUntilMs(tag, nowMs), model.current);
    model.current = next;
    plot.current?.show(next);
  });

  const onKeyDown = (event: KeyboardEvent) => {
    const [startMs, endMs] = shownSpan(view, live.nowMs());
    const atMs = Math.min(endMs, Math.max(startMs, cursorMs.current ?? endMs));
    const step = (endMs - startMs) * STEP * (event.shiftKey ? 10 : 1);
    const point = (timeMs: number) => {
      const inside = Math.min(endMs, Math.max(startMs, timeMs));
      plot.current?.pointAt(inside);
      setSpoken(`${formatMoment(inside).slice(11)}: ${traces.map((trace) => readLine(trace, inside)).join('; ')}`);
    };
    const act = () => {
      switch (event.key) {
        case 'ArrowLeft':
          return point(atMs - step);
        case 'ArrowRight':
          return point(atMs + step);
        case 'Home':
          return point(startMs);
        case 'End':
          return point(endMs);
        case '+':
          return onAct({ kind: 'zoom', ...zoomed([startMs, endMs], 0.5, atMs) });
        case '-':
          return onAct({ kind: 'zoom', ...zoomed([startMs, endMs], 2, atMs) });
        case 'Escape':
          plot.current?.pointAt(undefined);
          return onAct({ kind: 'reset' });
        default:
          return false;
      }
    };
    if (!event.ctrlKey && !event.metaKey && !event.altKey && act() !== false) event.preventDefault();
  };

  return (
    <>
      <section
        ref={element}
        className="chart"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the chart is read with the arrow keys
        tabIndex={0}
        aria-label={`Chart of ${traces.map(({ tag }) => tag.path).join(', ')}. Left and right arrow move the cursor, plus and minus zoom, Escape shows the whole window. The Table button gives the samples as text.`}
        onKeyDown={onKeyDown}
      />
      <p className="visually-hidden" aria-live="polite">
        {spoken}
      </p>
    </>
  );
}

/** The plot in its element, with what is pointed at in it, for as long as the chart is on the page. */
function usePlot(onAct: TrendChartProps['onAct'], onCursor: TrendChartProps['onCursor']) {
  const theme = useTheme();
  const element = useRef<HTMLDivElement>(null);
  const plot = useRef<TrendPlot>(undefined);
  const cursorMs = useRef<number>(undefined);
  const events = useRef({ onAct, onCursor });
  useEffect(() => {
    events.current = { onAct, onCursor };
  });
  useEffect(() => {
    if (!element.current) return;
    const created = new TrendPlot(element.current, {
      cursor: (timeMs) => {
        cursorMs.current = timeMs;
        events.current.onCursor(timeMs);
      },
      zoom: (startMs, endMs) => events.current.onAct({ kind: 'zoom', startMs, endMs }),
      reset: () => events.current.onAct({ kind: 'reset' }),
    });
    plot.current = created;
    return () => {
      events.current.onCursor(undefined);
      created.destroy();
    };
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are read from the page, which the theme has changed
  useEffect(() => plot.current?.recolour(), [theme]);
  return { element, plot, cursorMs };
}
