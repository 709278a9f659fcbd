/** The centre of the console: the chosen tags as lines over time, live. */

import { useCallback, useMemo, useReducer, useState, useSyncExternalStore } from 'react';
import { useLink, useLive } from '../live/useLive.ts';
import { TrendChart } from './TrendChart.tsx';
import { TrendLegend } from './TrendLegend.tsx';
import { TrendTable } from './TrendTable.tsx';
import { TrendToolbar } from './TrendToolbar.tsx';
import type { Traces } from './traces.ts';
import { changeView, FIRST_VIEW, type TrendAction, type WindowMs } from './trendWindow.ts';

interface TrendProps {
  readonly traces: Traces;
  readonly windowMs: WindowMs;
  readonly onWindow: (windowMs: WindowMs) => void;
  readonly onRemove: (tag: number) => void;
}

export function Trend({ traces, windowMs, onWindow, onRemove }: TrendProps) {
  const live = useLive();
  const isLive = useLink().kind === 'live';
  const subscribe = useCallback((listener: () => void) => traces.subscribe(listener), [traces]);
  const list = useSyncExternalStore(subscribe, () => traces.list);
  const [view, change] = useReducer(changeView, { ...FIRST_VIEW, windowMs });
  const [asTable, setAsTable] = useState(false);
  const [cursorMs, setCursorMs] = useState<number>();

  const act = useCallback(
    (action: TrendAction) => {
      change(action);
      if (action.kind === 'window') {
        onWindow(action.windowMs);
        traces.setWindow(action.windowMs);
      }
      if (action.kind === 'zoom') traces.zoomTo(action.startMs, action.endMs);
    },
    [onWindow, traces],
  );
  const failed = useMemo(() => list.filter(({ state }) => state.kind === 'failed'), [list]);
  return (
    <section className="panel trend" aria-label="Trend">
      <TrendToolbar view={view} asTable={asTable} onAct={act} onTable={setAsTable} isLive={isLive} nowMs={live.nowMs} />
      {failed.length > 0 && (
        <p className="notice" role="alert">
          {failed.map(({ tag, state }) => `${tag.path}: ${state.kind === 'failed' ? state.reason : ''}`).join(' ')}{' '}
          <button type="button" onClick={() => traces.reload()}>
            Load again
          </button>
        </p>
      )}
      {list.length === 0 ? (
        <p className="notice trend-empty">
          Choose up to eight tags in the tree: with a click, or with the arrow keys and Enter.
        </p>
      ) : asTable ? (
        <TrendTable traces={list} view={view} />
      ) : (
        <TrendChart traces={list} view={view} onAct={act} onCursor={setCursorMs} />
      )}
      {list.length > 0 && <TrendLegend traces={list} view={view} cursorMs={cursorMs} onRemove={onRemove} />}
    </section>
  );
}
