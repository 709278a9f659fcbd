/** Tags that came and that the gateway may not have: none of their samples was kept. */

import type { Policy, RefusedTag } from '@tidegate/platform/northbound/contract/policy.ts';
import { formatCount } from '../reading/number.ts';
import { formatSince } from '../reading/span.ts';

interface RefusedTableProps {
  readonly policy: Policy;
  /** Samples that the gateways themselves have held back. */
  readonly forbidden: number;
  readonly nowMs: number;
}

const REASONS: Readonly<Record<RefusedTag['reason'], string>> = {
  undeclared: 'not declared',
  owned: 'of another gateway',
  foreign: 'no report of its own',
};

export function RefusedTable({ policy: { refused, refusedOthers }, forbidden, nowMs }: RefusedTableProps) {
  return (
    <>
      <p className="notice tight">
        {refused.length === 0
          ? 'No undeclared tag has come since the server was started.'
          : 'Tags have come that their gateway may not have, and their samples were left out: declare them in the policy, or stop the gateway from sending them.'}{' '}
        At the gateways {forbidden === 0 ? 'nothing was' : `${formatCount(forbidden)} samples were`} held back by
        policy.
      </p>
      {refused.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable without a pointer
        <section className="figures-table tall" aria-label="Refused tags" tabIndex={0}>
          <table>
            <caption className="visually-hidden">Tags that came and were refused</caption>
            <thead>
              <tr>
                <th scope="col">Refused tag</th>
                <th scope="col">Why</th>
                <th scope="col" className="number">
                  Samples
                </th>
                <th scope="col">First</th>
                <th scope="col">Last</th>
              </tr>
            </thead>
            <tbody>
              {refused.map(({ gateway, path, lane, reason, samples, firstAt, lastAt }) => (
                <tr key={`${gateway} ${reason} ${path}`}>
                  <th scope="row" className="patterns">
                    {path}
                    <span className="card-note">
                      {' '}
                      {lane}, {gateway}
                    </span>
                  </th>
                  <td>{REASONS[reason]}</td>
                  <td className="number abnormal">{formatCount(samples)}</td>
                  <td>{formatSince(firstAt / 1_000, nowMs)}</td>
                  <td>{formatSince(lastAt / 1_000, nowMs)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {refusedOthers > 0 && (
            <p className="notice tight">{formatCount(refusedOthers)} samples of further tags that are not listed.</p>
          )}
        </section>
      )}
    </>
  );
}
