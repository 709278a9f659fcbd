/** The samples of the window as text: for those who do not see the chart, and for those who want the numbers. */

import { statusName } from '@tidegate/core/sample/statusCode.ts';
import { useMemo } from 'react';
import { formatCount } from '../reading/number.ts';
import { formatMoment } from '../reading/span.ts';
import { formatUnit } from '../reading/unit.ts';
import { readSeriesValue } from './readLine.ts';
import { shownHistory, type Trace } from './traces.ts';
import { shownSpan, type TrendView } from './trendWindow.ts';
import { useNow } from './useTrendClock.ts';

/** More rows than this nobody reads on a page; the interface gives them all. */
const MAX_ROWS = 500;

export function TrendTable({ traces, view }: { readonly traces: readonly Trace[]; readonly view: TrendView }) {
  const nowMs = useNow(1_000);
  const [startMs, endMs] = shownSpan(view, nowMs);
  const { rows, total } = useMemo(() => newestRows(traces, startMs, endMs), [traces, startMs, endMs]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable without a pointer
    <section className="samples" aria-label="Samples of the window" tabIndex={0}>
      <table>
        <caption>
          {total > rows.length
            ? `The newest ${formatCount(rows.length)} of ${formatCount(total)} samples in the window`
            : `${formatCount(total)} samples in the window, the newest first`}
        </caption>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Tag</th>
            <th scope="col" className="number">
              Value
            </th>
            <th scope="col">Unit</th>
            <th scope="col">Status</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key}>
              <td>{formatMoment(row.time / 1_000)}</td>
              <th scope="row">{row.path}</th>
              <td className="number">{row.value}</td>
              <td>{row.unit}</td>
              <td>{row.status}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function newestRows(traces: readonly Trace[], startMs: number, endMs: number) {
  let total = 0;
  const rows = traces.flatMap((trace) => {
    const { tag } = trace;
    const { series } = shownHistory(trace, startMs, endMs);
    const first = series.lowerBound(startMs * 1_000);
    const end = series.lowerBound(endMs * 1_000);
    total += end - first;
    const from = Math.max(first, end - MAX_ROWS);
    return Array.from({ length: end - from }, (_, place) => {
      const at = from + place;
      return {
        key: `${tag.index}/${series.timeAt(at)}/${end - at}`,
        time: series.timeAt(at),
        path: tag.path,
        value: readSeriesValue(series, series.valueAt(at), tag),
        unit: formatUnit(tag.unit),
        status: statusName(series.statusAt(at)),
      };
    });
  });
  rows.sort((a, b) => b.time - a.time);
  return { rows: rows.slice(0, MAX_ROWS), total };
}
