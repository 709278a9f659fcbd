/** How fresh each lane is against what was promised of it. */

import type { Latency } from '@tidegate/platform/northbound/contract/latency.ts';
import { formatCount } from '../reading/number.ts';
import { NO_VALUE } from '../reading/readValue.ts';
import { formatSpan } from '../reading/span.ts';
import { VerdictMark } from './VerdictMark.tsx';

const spanOf = (ms: number | null) => (ms === null ? NO_VALUE : formatSpan(ms));

export function LatencyTable({ latency }: { readonly latency: Latency | undefined }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable without a pointer
    <section className="figures-table" aria-label="Freshness" tabIndex={0}>
      <table>
        <caption className="visually-hidden">
          How late the lanes are, in the last minute or two, all gateways together
        </caption>
        <thead>
          <tr>
            <th scope="col">Freshness</th>
            <th
              scope="col"
              className="number"
              title="99 of 100 samples of the last minute or two were served within it"
            >
              p99
            </th>
            <th scope="col" className="number">
              Promised
            </th>
            <th scope="col">Objective</th>
            <th scope="col" className="number" title="Half of the samples were served within it">
              p50
            </th>
            <th scope="col" className="number" title="Of the last minute or two, of all gateways">
              Samples
            </th>
          </tr>
        </thead>
        <tbody>
          {latency?.lanes.map(({ lane, p50Ms, p99Ms, objectiveMs, met, samples }) => (
            <tr key={lane}>
              <th scope="row">{lane}</th>
              <td className="number">{spanOf(p99Ms)}</td>
              <td className="number">{formatSpan(objectiveMs)}</td>
              <td>
                <Objective met={met} />
              </td>
              <td className="number">{spanOf(p50Ms)}</td>
              <td className="number">{formatCount(samples)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Objective({ met }: { readonly met: boolean | null }) {
  if (met === null) return <VerdictMark state="unknown">no samples</VerdictMark>;
  return <VerdictMark state={met ? 'well' : 'attention'}>{met ? 'met' : 'not met'}</VerdictMark>;
}
