/** The stretches of the streams that have not come: with reason, extent and time. */

import type { BoundaryStream } from '@tidegate/platform/northbound/contract/boundary.ts';
import { formatCount } from '../reading/number.ts';
import { NO_VALUE } from '../reading/readValue.ts';
import { formatSince } from '../reading/span.ts';
import { formatPosition } from './backlog.ts';
import { type Missing, missingOf, reasonOf } from './missing.ts';
import { streamKey } from './streamFlow.ts';

interface MissingTableProps {
  readonly streams: readonly BoundaryStream[];
  readonly nowMs: number;
}

export function MissingTable({ streams, nowMs }: MissingTableProps) {
  const missing = missingOf(streams);
  if (missing.length === 0) {
    return (
      <p className="notice tight">No holes: of no lane is anything missing between the first block and the last.</p>
    );
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable without a pointer
    <section className="figures-table tall stacking" aria-label="Holes" tabIndex={0}>
      <table>
        <caption className="visually-hidden">
          What is missing, and why; of each lane the last hundred that were lost
        </caption>
        <thead>
          <tr>
            <th scope="col">Hole</th>
            <th scope="col" className="number">
              Samples
            </th>
            <th scope="col">Reason</th>
            <th scope="col">Known since</th>
            <th scope="col">Behind</th>
            <th scope="col">Before</th>
          </tr>
        </thead>
        <tbody>
          {missing.map((one) => (
            <MissingRow key={keyOf(one)} missing={one} nowMs={nowMs} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

const keyOf = (missing: Missing) => `${streamKey(missing)} ${missing.after.epoch} ${missing.after.sequence}`;

function MissingRow({ missing, nowMs }: { readonly missing: Missing; readonly nowMs: number }) {
  const { gateway, lane, samples, loss, after, before } = missing;
  return (
    <tr>
      <th scope="row">
        {lane} <span className="card-note">of {gateway}</span>
      </th>
      <td className="number" data-name="Samples">
        {formatCount(samples)}
      </td>
      <td data-name="Reason" className={loss ? 'abnormal' : undefined}>
        {reasonOf(missing)}
      </td>
      <td data-name="Known since">{loss ? formatSince(loss.at / 1_000, nowMs) : NO_VALUE}</td>
      <td data-name="Behind">{formatPosition(after, nowMs)}</td>
      <td data-name="Before">{formatPosition(before, nowMs)}</td>
    </tr>
  );
}
