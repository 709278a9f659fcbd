/** The head of the console: the product, whether what is shown is live, and the theme. */

import { useQuery } from '@tanstack/react-query';
import { AlarmCounts } from '../alarms/AlarmCounts.tsx';
import { isSick } from '../devices/deviceOrder.ts';
import { useDevices } from '../devices/useDevices.ts';
import { HealthCount } from '../health/HealthCount.tsx';
import { useBoundary, useLink } from '../live/useLive.ts';
import { formatCount, formatRate } from '../reading/number.ts';
import { formatClock, formatSince, formatSpan } from '../reading/span.ts';
import { fetchStatus } from '../server/api.ts';
import { ThemeToggle } from '../theme/ThemeToggle.tsx';
import { type Choice, formatChoice, type PageName } from './choice.ts';

const STATUS_EVERY_MS = 5_000;

interface HeaderProps {
  readonly nowMs: number;
  readonly choice: Choice;
}

export function Header({ nowMs, choice }: HeaderProps) {
  const link = useLink();
  const status = useQuery({
    queryKey: ['status'],
    queryFn: ({ signal }) => fetchStatus(signal),
    refetchInterval: STATUS_EVERY_MS,
  });
  return (
    <header className="head">
      <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true" className="brand-mark">
        <path d="M16 4v24" strokeWidth="3" />
        <path d="M4 11.5h7M4 20.5h7" strokeWidth="2.5" opacity=".55" />
        <path d="M20 11.5h8M20 20.5h8M25 8l3.5 3.5-3.5 3.5M25 17l3.5 3.5-3.5 3.5" strokeWidth="2.5" />
      </svg>
      <h1>Tidegate</h1>
      <PageLinks choice={choice} />
      <span className="head-note">{status.data && `server ${status.data.version}`}</span>
      <span className="spring" />
      {status.data && link.kind === 'live' && (
        <span className="head-note head-figure">
          <span className="number">{formatRate(status.data.samplesPerSecond)}</span> stored
        </span>
      )}
      <span className={`link ${link.kind}`}>
        <LinkSign kind={link.kind} />
        <span role="status">
          {link.kind === 'live' ? 'Live' : link.kind === 'lost' ? 'No connection' : 'Connecting'}
        </span>
        {link.kind === 'lost' && (
          <span className="link-note">
            to the server since {formatSince(link.sinceMs, nowMs)} ({formatSpan(nowMs - link.sinceMs)}); trying again
          </span>
        )}
      </span>
      <time className="number head-clock">{formatClock(nowMs)}</time>
      <ThemeToggle />
    </header>
  );
}

function PageLinks({ choice }: { readonly choice: Choice }) {
  const sick = useDevices().data?.devices.filter(isSick).length ?? 0;
  const closed = useBoundary()?.streams.filter(({ connected }) => !connected).length ?? 0;
  const to = (page: PageName) => ({
    href: formatChoice({ ...choice, page, part: undefined }),
    'aria-current': choice.page === page ? ('page' as const) : undefined,
  });
  return (
    <nav className="pages" aria-label="Pages">
      <a {...to('trend')}>Trend</a>
      <a {...to('assets')}>Assets</a>
      <a {...to('alarms')}>
        Alarms
        <AlarmCounts />
      </a>
      <a {...to('health')}>
        Health
        <HealthCount />
      </a>
      <a {...to('devices')}>
        Devices{' '}
        {sick > 0 && (
          <span className="sick-count">
            {formatCount(sick)}
            <span className="visually-hidden"> need attention</span>
          </span>
        )}
      </a>
      <a {...to('boundary')}>
        Boundary{' '}
        {closed > 0 && (
          <span className="sick-count">
            {formatCount(closed)}
            <span className="visually-hidden"> lanes closed</span>
          </span>
        )}
      </a>
    </nav>
  );
}

function LinkSign({ kind }: { readonly kind: 'connecting' | 'live' | 'lost' }) {
  return (
    <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
      {kind === 'live' && <circle cx="6" cy="6" r="4.5" fill="currentColor" />}
      {kind === 'connecting' && (
        <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="2" strokeDasharray="4 2.3" />
      )}
      {kind === 'lost' && <path d="m2 2 8 8m0-8-8 8" stroke="currentColor" strokeWidth="2.2" strokeLinecap="round" />}
    </svg>
  );
}
