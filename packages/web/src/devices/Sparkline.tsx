/** The last hour of the round trips of a device, small, and a way to see it large. */

import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { formatChoice } from '../console/choice.ts';
import { fetchSeries } from '../server/api.ts';
import { formatMilliseconds } from './figures.ts';
import { greatest, sparkPath } from './sparkline.ts';

const HOUR_MS = 3_600_000;
/** A report comes every ten seconds: an hour of them, and those of changes of state beside them. */
const MOST_SAMPLES = 2_000;
const RELOAD_MS = 60_000;
const FRAME = { width: 96, height: 20 };

interface SparklineProps {
  readonly device: string;
  /** The tag whose history it is. */
  readonly tag: number;
  readonly nowMs: () => number;
}

export function Sparkline({ device, tag, nowMs }: SparklineProps) {
  const place = useRef<HTMLAnchorElement>(null);
  const seen = useSeen(place);
  const history = useQuery({
    queryKey: ['round-trips', tag],
    enabled: seen,
    refetchInterval: RELOAD_MS,
    queryFn: async ({ signal }) => {
      const endMs = nowMs();
      const range = { startMs: endMs - HOUR_MS, endMs };
      const series = await fetchSeries({ tag, ...range, mode: 'raw', limit: MOST_SAMPLES }, signal);
      return { series, range };
    },
  });
  const path = history.data && sparkPath(history.data.series, { ...FRAME, ...history.data.range });
  const most = history.data && greatest(history.data.series.values);
  const label =
    most === undefined
      ? `Round trips of ${device}: none in the last hour`
      : `Round trips of ${device} in the last hour: up to ${formatMilliseconds(most)}; open in the trend`;
  return (
    <a
      ref={place}
      className="spark"
      href={formatChoice({ page: 'trend', system: true, tags: [tag], windowMs: HOUR_MS })}
      title={label}
    >
      <span className="visually-hidden">{label}</span>
      <svg
        viewBox={`-1 -1 ${FRAME.width + 2} ${FRAME.height + 2}`}
        width={FRAME.width}
        height={FRAME.height}
        aria-hidden="true"
      >
        <path className="spark-ground" d={`M0 ${FRAME.height}H${FRAME.width}`} />
        {path && <path className="spark-line" d={path} />}
      </svg>
    </a>
  );
}

/** Whether the element has ever been on the screen: a plant has more devices than a screen has rows. */
function useSeen(place: React.RefObject<Element | null>): boolean {
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    if (!place.current || seen) return;
    const observer = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) setSeen(true);
    });
    observer.observe(place.current);
    return () => observer.disconnect();
  }, [place, seen]);
  return seen;
}
