/** The foot of the console: the picture of the boundary over its ledger. */

import { useBoundary, useLink, useLive } from '../live/useLive.ts';
import { formatSpan } from '../reading/span.ts';
import { BoundaryPicture } from './BoundaryPicture.tsx';
import { LedgerTable } from './LedgerTable.tsx';
import { flowOf, streamKey } from './streamFlow.ts';

/** Drawn again once a second, as often as the server speaks of the boundary. */
export function BoundaryPanel({ nowMs }: { readonly nowMs: number }) {
  const live = useLive();
  const boundary = useBoundary();
  const stale = useLink().kind === 'lost';
  const closed = boundary?.streams.filter(({ connected }) => !connected).length ?? 0;
  return (
    <section className={`panel boundary${stale ? ' stale' : ''}`} aria-label="Boundary">
      <div className="panel-head">
        <h2>Boundary</h2>
        <span className="panel-note">
          {boundary && stale && `as it was ${formatSpan(nowMs - boundary.at / 1_000)} ago`}
        </span>
        <span className={`panel-note${closed > 0 ? ' abnormal' : ''}`} role="status">
          {boundary && !stale && sentenceOf(boundary.streams.length, closed)}
        </span>
      </div>
      {!boundary ? (
        <p className="notice">Waiting for the server to say how the boundary is…</p>
      ) : boundary.streams.length === 0 ? (
        <p className="notice">No gateway has connected yet. Each one appears here with its lanes when it does.</p>
      ) : (
        <>
          <BoundaryPicture boundary={boundary} rates={live.rates} nowMs={nowMs} />
          <ul className="visually-hidden">
            {boundary.streams.map((stream) => (
              <li key={streamKey(stream)}>
                {stream.lane} lane of {stream.gateway}:{' '}
                {flowOf(stream, live.rates.perSecond(streamKey(stream))).sentence}
              </li>
            ))}
          </ul>
          <LedgerTable streams={boundary.streams} />
        </>
      )}
    </section>
  );
}

function sentenceOf(streams: number, closed: number): string {
  if (streams === 0) return '';
  if (closed === 0) return 'Open, OT to IT only';
  if (closed === streams) return 'Closed: nothing arrives; a running gateway keeps all in its spool';
  return `${closed} of ${streams} lanes closed`;
}
