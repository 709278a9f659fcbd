/** The twins within an asset, those that do what they should not be doing first. */

import { useQuery } from '@tanstack/react-query';
import type { TwinSummary } from '@tidegate/platform/northbound/contract/twin.ts';
import { formatPercent } from '../alarms/analysis/analysisFigures.ts';
import { VerdictMark } from '../boundary/VerdictMark.tsx';
import { formatCount } from '../reading/number.ts';
import { fetchTwinsBelow } from '../server/twinApi.ts';
import { SigmaMark } from './SigmaMark.tsx';
import { trustWords } from './trustWords.ts';
import { twinsInOrder } from './twinOrder.ts';

const MOST_ROWS = 20;
const EVERY_MS = 2_000;

interface TwinsBelowProps {
  /** Path of the asset. */
  readonly asset: string;
  readonly linkTo: (path: string) => string;
}

export function TwinsBelow({ asset, linkTo }: TwinsBelowProps) {
  const { data } = useQuery({
    queryKey: ['twins-below', asset],
    queryFn: ({ signal }) => fetchTwinsBelow(asset, MOST_ROWS, signal),
    refetchInterval: EVERY_MS,
  });
  const twins = twinsInOrder(data?.twins.filter(({ path }) => path !== asset) ?? []);
  if (!data || twins.length === 0) return null;
  return (
    <section className="panel" aria-label="Twins within it">
      <div className="panel-head">
        <h2>Twins within it</h2>
        <span className="panel-note">
          {data.total > data.twins.length &&
            `the ${formatCount(MOST_ROWS)} of ${formatCount(data.total)} that are farthest from what is expected; `}
          what is unusual first
        </span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable without a pointer */}
      <section className="figures-table stacking" aria-label="List of twins" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Twin</th>
              <th scope="col">Type</th>
              <th scope="col">Mode</th>
              <th scope="col">Farthest off</th>
              <th scope="col">Sigmas</th>
              <th scope="col">Trust</th>
            </tr>
          </thead>
          <tbody>
            {twins.map((twin) => (
              <TwinRow key={twin.id} twin={twin} name={twin.path.slice(asset.length + 1)} href={linkTo(twin.path)} />
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}

interface TwinRowProps {
  readonly twin: TwinSummary;
  /** Its path from the asset on. */
  readonly name: string;
  readonly href: string;
}

function TwinRow({ twin: { type, mode, trust, reason, worst }, name, href }: TwinRowProps) {
  return (
    <tr>
      <th scope="row">
        <a href={href}>{name}</a>
      </th>
      <td data-name="Type">{type}</td>
      <td data-name="Mode">{mode ?? 'not known'}</td>
      <td data-name="Farthest off">{worst?.attribute ?? 'nothing compared'}</td>
      <td data-name="Sigmas">
        <SigmaMark sigmas={worst?.sigmas ?? null} />
      </td>
      <td data-name="Trust" title={reason ?? undefined}>
        <VerdictMark state={trustWords(trust).state}>{formatPercent(trust)}</VerdictMark>
      </td>
    </tr>
  );
}
