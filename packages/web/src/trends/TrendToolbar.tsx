/** What stretch of time is shown: every window is one press away. */

import { formatClock, formatSince } from '../reading/span.ts';
import { type TrendAction, type TrendView, WINDOWS } from './trendWindow.ts';

/** Stretches shorter than this are named to the millisecond. */
const FINE_MS = 10_000;

interface TrendToolbarProps {
  readonly view: TrendView;
  readonly asTable: boolean;
  readonly onAct: (action: TrendAction) => void;
  readonly onTable: (asTable: boolean) => void;
  readonly isLive: boolean;
  readonly nowMs: () => number;
}

export function TrendToolbar({ view, asTable, onAct, onTable, isLive, nowMs }: TrendToolbarProps) {
  const still = view.heldAtMs !== undefined || view.zoom !== undefined;
  return (
    <div className="panel-head trend-bar">
      <h2>Trend</h2>
      <fieldset className="segments">
        <legend className="visually-hidden">Window of the trend</legend>
        {WINDOWS.map(({ label, spoken, ms }) => (
          <button
            key={ms}
            type="button"
            aria-pressed={view.windowMs === ms}
            aria-label={spoken}
            onClick={() => onAct({ kind: 'window', windowMs: ms })}
          >
            {label}
          </button>
        ))}
      </fieldset>
      <span className={`follow ${still ? 'still' : 'live'}`} role="status">
        {describe(view, isLive, nowMs())}
      </span>
      <span className="spring" />
      {view.zoom && (
        <button type="button" onClick={() => onAct({ kind: 'reset' })}>
          Whole window
        </button>
      )}
      <button
        type="button"
        className="with-icon"
        onClick={() => onAct(still ? { kind: 'follow' } : { kind: 'hold', nowMs: nowMs() })}
      >
        <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
          <path d={still ? 'M3 1.5v9l7.5-4.5Z' : 'M2.5 1.5h2.5v9H2.5Zm4.5 0h2.5v9H7Z'} fill="currentColor" />
        </svg>
        {still ? 'Follow' : 'Pause'}
      </button>
      <button type="button" aria-pressed={asTable} onClick={() => onTable(!asTable)}>
        Table
      </button>
    </div>
  );
}

function describe(view: TrendView, isLive: boolean, nowMs: number): string {
  if (view.zoom) {
    const { startMs, endMs } = view.zoom;
    if (endMs - startMs < FINE_MS) return `Zoomed: ${formatClock(startMs, true)} to ${formatClock(endMs, true)}`;
    return `Zoomed: ${formatSince(startMs, nowMs)} to ${formatSince(endMs, nowMs)}`;
  }
  if (view.heldAtMs !== undefined) return `Paused at ${formatClock(view.heldAtMs)}`;
  return isLive ? 'Live' : 'No new values';
}
