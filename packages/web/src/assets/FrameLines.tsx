/** What has happened to an asset: its event frames of the last week, the newest first. */

import { useQuery } from '@tanstack/react-query';
import type { Frame } from '@tidegate/platform/northbound/contract/event.ts';
import { formatNumber } from '../reading/number.ts';
import { NO_VALUE } from '../reading/readValue.ts';
import { formatSince, formatSpan } from '../reading/span.ts';
import { fetchFrames } from '../server/frameApi.ts';

const MOST_LINES = 12;
const RELOAD_MS = 10_000;

interface FrameLinesProps {
  /** Path of the asset. */
  readonly path: string;
  readonly nowMs: number;
}

export function FrameLines({ path, nowMs }: FrameLinesProps) {
  const { data } = useQuery({
    queryKey: ['frames', path],
    queryFn: ({ signal }) => fetchFrames(path, MOST_LINES, signal),
    refetchInterval: ({ state }) => (state.data === null ? false : RELOAD_MS),
  });
  if (!data) return null;
  return (
    <section className="panel" aria-label="Events of the asset">
      <div className="panel-head">
        <h2>Events</h2>
        <span className="panel-note">
          {data.frames.length === 0 ? 'none in the last week' : 'of the last week, the newest first'}
          {data.next !== null && `; the latest ${MOST_LINES}`}
        </span>
      </div>
      {data.frames.length > 0 && (
        <ul className="frame-lines">
          {data.frames.map((frame) => (
            <FrameLine key={frame.id} frame={frame} path={path} nowMs={nowMs} />
          ))}
        </ul>
      )}
    </section>
  );
}

interface FrameLineProps extends FrameLinesProps {
  readonly frame: Frame;
}

function FrameLine({ frame, path, nowMs }: FrameLineProps) {
  const { template, kind, asset, start, end, seconds, uncertain, figures } = frame;
  const below = asset.path === path ? '' : asset.path.slice(path.length + 1);
  return (
    <li>
      <time>{formatSince(start / 1_000, nowMs)}</time>
      <span>
        <b>{template}</b>{' '}
        <span className="quiet-note">{[kind === template ? '' : kind, below].filter(Boolean).join(', ')}</span>
      </span>
      <span>
        {end === null ? `goes on for ${formatSpan(nowMs - start / 1_000)}` : formatSpan(seconds * 1_000)}
        {uncertain && (
          <span className="quiet-note" title="Its condition was bad or uncertain at an edge">
            {' '}
            about
          </span>
        )}
      </span>
      <span className="quiet-note">
        {Object.entries(figures)
          .map(([name, value]) => `${name} ${typeof value === 'number' ? formatNumber(value) : (value ?? NO_VALUE)}`)
          .join(', ')}
      </span>
    </li>
  );
}
