/** Floods of the period: how large each was, in which order its alarms came, and what was done in earlier ones like it. */

import type { AlarmAnalysis } from '@tidegate/platform/northbound/contract/alarm.ts';
import { formatCount } from '../../reading/number.ts';
import { formatClock, formatSince, formatSpan } from '../../reading/span.ts';
import { actorName, formatPercent } from './analysisFigures.ts';

type Flood = AlarmAnalysis['floods'][number];

interface FloodListProps {
  readonly floods: readonly Flood[];
  readonly nowMs: number;
}

export function FloodList({ floods, nowMs }: FloodListProps) {
  if (floods.length === 0) {
    return <p className="notice">No flood: never were there ten alarms or more within ten minutes.</p>;
  }
  return (
    <ul className="floods">
      {floods.toReversed().map((flood) => (
        <li key={flood.start}>
          <details>
            <summary>
              <b>{formatSince(flood.start / 1_000, nowMs)}</b> for {formatSpan((flood.end - flood.start) / 1_000)}:{' '}
              {formatCount(flood.activations)} alarms, at most {formatCount(flood.peak)} in ten minutes
              {flood.alike.length > 0 && `; like ${formatCount(flood.alike.length)} before`}
            </summary>
            <Sequence flood={flood} />
            {flood.alike.map((earlier) => (
              <Earlier key={earlier.start} earlier={earlier} nowMs={nowMs} />
            ))}
          </details>
        </li>
      ))}
    </ul>
  );
}

function Sequence({ flood }: { readonly flood: Flood }) {
  return (
    <>
      <h4>In the order in which they came first</h4>
      <ol className="flood-sequence">
        {flood.sequence.map(({ time, alarm }) => (
          <li key={alarm}>
            <time>{formatClock(time / 1_000)}</time> {actorName(alarm).name}
          </li>
        ))}
      </ol>
    </>
  );
}

function Earlier({ earlier, nowMs }: { readonly earlier: Flood['alike'][number]; readonly nowMs: number }) {
  const { start, similarity, done } = earlier;
  return (
    <>
      <h4>
        {formatSince(start / 1_000, nowMs)}: {formatPercent(similarity)} alike
      </h4>
      {done.length === 0 ? (
        <p className="quiet-note">Nobody did anything with its alarms then.</p>
      ) : (
        <ol className="flood-sequence">
          {done.map(({ time, name, happening, by, comment }) => (
            <li key={`${time} ${name} ${happening}`}>
              <time>+{formatSpan((time - start) / 1_000)}</time> {name} {happening.replaceAll('-', ' ')}
              {by !== undefined && ` by ${by}`}
              {comment !== undefined && <q>{comment}</q>}
            </li>
          ))}
        </ol>
      )}
    </>
  );
}
