/** The table under the chart: what each line is and says, now or under the cursor. */

import { severityOf, statusName } from '@tidegate/core/sample/statusCode.ts';
import { useLive } from '../live/useLive.ts';
import { QualityMark } from '../quality/QualityMark.tsx';
import { statusMeaning } from '../quality/statusMeaning.ts';
import { NO_VALUE } from '../reading/readValue.ts';
import { formatClock, formatSpan } from '../reading/span.ts';
import { formatUnit } from '../reading/unit.ts';
import { readSeriesValue } from './readLine.ts';
import { lineExtent } from './traceLine.ts';
import { shownHistory, type Trace } from './traces.ts';
import { readingAt } from './trendModel.ts';
import { dashOf } from './trendPainter.ts';
import { shownSpan, type TrendView } from './trendWindow.ts';
import { useNow } from './useTrendClock.ts';

interface TrendLegendProps {
  readonly traces: readonly Trace[];
  readonly view: TrendView;
  readonly cursorMs: number | undefined;
  readonly onRemove: (tag: number) => void;
}

export function TrendLegend({ traces, view, cursorMs, onRemove }: TrendLegendProps) {
  const live = useLive();
  const nowMs = useNow(500);
  const span = shownSpan(view, nowMs);
  const atMs = cursorMs ?? span[1];
  const isNow = cursorMs === undefined && view.heldAtMs === undefined && !view.zoom;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable without a pointer
    <section className="legend" aria-label="Legend of the trend" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">Tag</th>
            <th scope="col" className="number">
              {isNow ? 'Now' : `At ${formatClock(atMs, true)}`}
            </th>
            <th scope="col">Unit</th>
            <th scope="col">Status</th>
            <th scope="col" className="number">
              Min
            </th>
            <th scope="col" className="number">
              Max
            </th>
            <th scope="col">
              <span className="visually-hidden">Remove</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {traces.map((trace) => (
            <LegendRow
              key={trace.tag.index}
              trace={trace}
              span={span}
              atMs={atMs}
              staleMs={isNow ? staleMs(live.knownUntilMs(trace.tag, nowMs), nowMs) : undefined}
              onRemove={onRemove}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** `undefined` while the tag is heard of. */
function staleMs(knownUntilMs: number, nowMs: number): number | undefined {
  return knownUntilMs < nowMs ? nowMs - knownUntilMs : undefined;
}

interface LegendRowProps {
  readonly trace: Trace;
  readonly span: readonly [number, number];
  readonly atMs: number;
  /** How long nothing has been heard of the tag, where the connection to it is lost. */
  readonly staleMs: number | undefined;
  readonly onRemove: (tag: number) => void;
}

function LegendRow({ trace, span, atMs, staleMs, onRemove }: LegendRowProps) {
  const { tag, colour } = trace;
  const { series, coarseMs } = shownHistory(trace, span[0], span[1]);
  const reading = readingAt(series, atMs * 1_000);
  const { low, high } = lineExtent(series, span[0] * 1_000, span[1] * 1_000);
  const extent = (value: number) =>
    low > high || tag.type === 'string' ? NO_VALUE : readSeriesValue(series, value, tag);
  const folders = tag.path.slice(0, tag.path.lastIndexOf('/') + 1);
  return (
    <tr data-tag={tag.index} className={staleMs === undefined ? '' : 'stale'}>
      <th scope="row" title={`${tag.path}\n${tag.description}`}>
        <Swatch colour={colour} />
        <span className="legend-folder">{folders}</span>
        <span className="legend-name">{tag.path.slice(folders.length)}</span>
        {coarseMs !== undefined && <span className="legend-note"> extremes of {formatSpan(coarseMs)}</span>}
        {trace.state.kind === 'loading' && <span className="legend-note"> loading…</span>}
      </th>
      <td className="number legend-value">{reading ? readSeriesValue(series, reading.value, tag) : NO_VALUE}</td>
      <td>{formatUnit(tag.unit)}</td>
      <td className="legend-status">
        {reading && <QualityMark status={reading.status} />}
        {reading ? statusName(reading.status) : 'no value yet'}
        {staleMs !== undefined && `, ${formatSpan(staleMs)} ago`}
        {reading && severityOf(reading.status) !== 'good' && (
          <span className="legend-reason">{statusMeaning(reading.status)}</span>
        )}
      </td>
      <td className="number">{extent(low)}</td>
      <td className="number">{extent(high)}</td>
      <td>
        <button
          type="button"
          className="icon-button small"
          aria-label={`Remove ${tag.path} from the trend`}
          onClick={() => onRemove(tag.index)}
        >
          <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
            <path d="m2.5 2.5 7 7m0-7-7 7" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" />
          </svg>
        </button>
      </td>
    </tr>
  );
}

function Swatch({ colour }: { readonly colour: number }) {
  return (
    <svg className="swatch" viewBox="0 0 22 10" width="22" height="10" aria-hidden="true">
      <path
        d="M1 5h20"
        stroke={`var(--trace-${colour + 1})`}
        strokeWidth="3"
        strokeDasharray={dashOf(colour).join(' ')}
      />
    </svg>
  );
}
