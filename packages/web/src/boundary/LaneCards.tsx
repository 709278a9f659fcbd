/** Each lane in figures: its link, what crosses, and what waits to cross. */

import type { BoundaryStream } from '@tidegate/platform/northbound/contract/boundary.ts';
import { useLive } from '../live/useLive.ts';
import { formatBytes, formatCount, formatRate } from '../reading/number.ts';
import { NO_VALUE } from '../reading/readValue.ts';
import { formatSince, formatSpan } from '../reading/span.ts';
import { backlogOf, formatPosition } from './backlog.ts';
import { flowOf, lastHeardMs, streamKey } from './streamFlow.ts';
import { VerdictMark } from './VerdictMark.tsx';

interface LaneCardsProps {
  readonly streams: readonly BoundaryStream[];
  readonly nowMs: number;
}

export function LaneCards({ streams, nowMs }: LaneCardsProps) {
  return (
    <ul className="cards" aria-label="Lanes">
      {streams.map((stream) => (
        <li key={streamKey(stream)} className="card">
          <LaneCard stream={stream} nowMs={nowMs} />
        </li>
      ))}
    </ul>
  );
}

function LaneCard({ stream, nowMs }: { readonly stream: BoundaryStream; readonly nowMs: number }) {
  const { rates } = useLive();
  const key = streamKey(stream);
  const flow = flowOf(stream, rates.perSecond(key));
  const closed = flow.kind === 'closed';
  const heardMs = lastHeardMs(stream);
  return (
    <>
      <h3>
        {stream.lane} <span className="card-note">of {stream.gateway}</span>
      </h3>
      <dl>
        <dt>Link</dt>
        <dd>
          <VerdictMark state={closed ? 'attention' : 'well'}>
            {closed ? `closed since ${formatSince(heardMs, nowMs)}` : flow.word}
          </VerdictMark>
        </dd>
        <dt>Crossing</dt>
        <dd>{closed ? `nothing for ${formatSpan(nowMs - heardMs)}` : formatRate(rates.perSecond(key))}</dd>
        <dt>Last block</dt>
        <dd>
          {formatSince(stream.receivedAt / 1_000, nowMs)}, lag {formatSpan(stream.lagMs)}
        </dd>
        <BacklogFigures stream={stream} closed={closed} nowMs={nowMs} />
      </dl>
    </>
  );
}

interface BacklogFiguresProps {
  readonly stream: BoundaryStream;
  readonly closed: boolean;
  readonly nowMs: number;
}

/** The lines are always the same, so that nothing moves when a backlog comes or goes. */
function BacklogFigures({ stream, closed, nowMs }: BacklogFiguresProps) {
  const { backlogs } = useLive();
  const backlog = backlogOf(stream);
  const drainedInMs = backlogs.drainedInMs(streamKey(stream));
  if (!backlog) {
    return (
      <>
        <dt>Waiting</dt>
        <dd>not told yet</dd>
      </>
    );
  }
  return (
    <>
      <dt>{closed ? 'Waited' : 'Waiting'}</dt>
      <dd>
        {formatCount(backlog.samples)} in {formatCount(backlog.blocks)} blocks, {formatBytes(backlog.bytes)}
      </dd>
      <dt>Of these backlog</dt>
      <dd>{formatCount(backlog.fromBefore)}</dd>
      <dt>Oldest</dt>
      <dd>{backlog.oldest ? formatPosition(backlog.oldest, nowMs) : NO_VALUE}</dd>
      <dt>Drained in</dt>
      <dd>{drainedInMs === undefined || closed ? NO_VALUE : `about ${formatSpan(drainedInMs)}`}</dd>
    </>
  );
}
