/** The features that speak for a case: how they are and how they were, since when, and how far it is to the limit. */

import type { HealthCaseDetail } from '@tidegate/platform/northbound/contract/healthCase.ts';
import { formatPercent } from '../../alarms/analysis/analysisFigures.ts';
import { NO_VALUE } from '../../reading/readValue.ts';
import { formatQuantity, spokenUnit } from '../quantity.ts';
import { dayText, spoken } from './caseWords.ts';

const BAR_WIDTH = 36;

export function SignTable({ signs }: { readonly signs: HealthCaseDetail['reasons']['signs'] }) {
  if (signs.length === 0) return <p className="quiet-note">No feature speaks for it: it is worn by what it bears.</p>;
  const hasLimit = signs.some(({ limit }) => limit !== null);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable without a pointer
    <section className="figures-table stacking" aria-label="Signs" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">Sign</th>
            <th scope="col">Share</th>
            <th scope="col" className="number">
              Now
            </th>
            <th scope="col" className="number">
              Normal
            </th>
            <th scope="col" className="number">
              Per day <span className="alarm-place">of late</span>
            </th>
            {hasLimit && (
              <th scope="col" className="number">
                Limit
              </th>
            )}
            <th scope="col">Since</th>
          </tr>
        </thead>
        <tbody>
          {signs.map((sign) => (
            <SignRow key={sign.feature} sign={sign} hasLimit={hasLimit} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface SignRowProps {
  readonly sign: HealthCaseDetail['reasons']['signs'][number];
  /** Whether any of them has a limit. */
  readonly hasLimit: boolean;
}

function SignRow({ sign, hasLimit }: SignRowProps) {
  const { feature, now, normal, limit, perDay, share, since, proven } = sign;
  const unit = spokenUnit(sign.unit, [now, normal]);
  return (
    <tr>
      <th scope="row">
        {spoken(feature)}
        <span className="alarm-place">{proven ? 'drift is proven' : 'not proven by itself'}</span>
      </th>
      <td data-name="Share">
        <ShareBar share={share} />
      </td>
      <td data-name="Now" className="number">
        {formatQuantity(now, unit)}
      </td>
      <td data-name="Normal" className="number">
        {formatQuantity(normal, unit)}
      </td>
      <td data-name="Per day of late" className="number per-day">
        {perDay !== null && perDay > 0 && '+'}
        {formatQuantity(perDay, spokenUnit(sign.unit, [perDay]))}
      </td>
      {hasLimit && (
        <td data-name="Limit" className="number">
          {formatQuantity(limit, unit)}
        </td>
      )}
      <td data-name="Since">{since === null ? NO_VALUE : dayText(since)}</td>
    </tr>
  );
}

/** Its part of what is strange, as a bar with the number beside it. */
function ShareBar({ share }: { readonly share: number }) {
  const part = Math.max(0, Math.min(1, share));
  return (
    <span className="part-bar">
      <svg viewBox={`0 0 ${BAR_WIDTH} 10`} width={BAR_WIDTH} height="10" aria-hidden="true">
        <rect className="part-ground" width={BAR_WIDTH} height="10" />
        <rect className="part-fill" width={BAR_WIDTH * part} height="10" />
      </svg>
      <span className="number">{formatPercent(part)}</span>
    </span>
  );
}
