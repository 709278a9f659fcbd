/** How right the cases were, how early, and how often somebody was called for nothing: from what people found. */

import type { HealthLedger } from '@tidegate/platform/northbound/contract/healthLedger.ts';
import { type ReactNode, useState } from 'react';
import { VerdictMark } from '../../boundary/VerdictMark.tsx';
import { type Choice, formatChoice } from '../../console/choice.ts';
import { formatCount } from '../../reading/number.ts';
import { dayText } from '../cases/caseWords.ts';
import { formatDays } from '../lifeLeft.ts';
import { formatFigure } from '../quantity.ts';
import { useHealthLedger } from '../useHealth.ts';
import { nothingText } from '../watches/watchWords.ts';
import { type Account, ledgerFigures, precisionBar } from './ledgerFigures.ts';

const DAYS_PER_YEAR = 365.25;
const RANGES = [
  [90, '90 d'],
  [365, '1 year'],
  [1_826, '5 years'],
] as const;

export function LedgerPart({ choice }: { readonly choice: Choice }) {
  const [days, setDays] = useState<number>(365);
  const { data, failureReason } = useHealthLedger(days);
  return (
    <section className="panel health-ledger" aria-label="Ledger">
      <div className="panel-head">
        <h2>How right it was</h2>
        {data && (
          <span className="panel-note">
            cases opened from {dayText(data.start)} to {dayText(data.end)}
          </span>
        )}
        <span className="spring" />
        <fieldset className="segments">
          <legend className="visually-hidden">Range</legend>
          {RANGES.map(([each, name]) => (
            <button key={each} type="button" aria-pressed={each === days} onClick={() => setDays(each)}>
              {name}
            </button>
          ))}
        </fieldset>
      </div>
      {data ? (
        <Figures ledger={data} choice={choice} />
      ) : (
        <p className="notice" role={failureReason ? 'alert' : undefined}>
          {data === null ? nothingText(null) : (failureReason?.message ?? 'Reckoning…')}
        </p>
      )}
    </section>
  );
}

function Figures({ ledger, choice }: { readonly ledger: HealthLedger; readonly choice: Choice }) {
  return (
    <div className="rates">
      {ledger.opened === 0 && (
        <p>
          No case was opened in this range, so that there is nothing to say of how right they were.{' '}
          {formatDays(ledger.equipmentYears * DAYS_PER_YEAR)} have been judged, of all equipment together.
        </p>
      )}
      <ul className="figure-cards">
        {ledgerFigures(ledger).map(({ name, value, meaning, isThin }) => (
          <li key={name}>
            <h3>{name}</h3>
            <p className="figure">
              {value} {isThin && <VerdictMark state="unknown">too few to say</VerdictMark>}
            </p>
            <p className="quiet-note">{meaning}</p>
          </li>
        ))}
      </ul>
      <Overdue numbers={ledger.overdue} choice={choice} />
      {ledger.watches.length > 0 && <WatchAccounts ledger={ledger} choice={choice} />}
    </div>
  );
}

function Overdue({ numbers, choice }: { readonly numbers: readonly number[]; readonly choice: Choice }) {
  if (numbers.length === 0) return null;
  const links = numbers.map(
    (number): ReactNode => (
      <a key={number} href={formatChoice({ ...choice, part: undefined, case: number })}>
        case {number}
      </a>
    ),
  );
  return (
    <p className="overdue">
      Without a finding after a month: {links.flatMap((link, place) => (place === 0 ? [link] : [', ', link]))}. They
      make all of this less sure.
    </p>
  );
}

function WatchAccounts({ ledger, choice }: { readonly ledger: HealthLedger; readonly choice: Choice }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable without a pointer
    <section className="figures-table stacking" aria-label="By watch" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">Watch</th>
            {['Cases', 'Confirmed', 'Other cause', 'Nothing found'].map((name) => (
              <th key={name} scope="col" className="number">
                {name}
              </th>
            ))}
            <th scope="col">Precision</th>
            <th scope="col" className="number">
              Lead
            </th>
            <th scope="col" className="number">
              False per year
            </th>
          </tr>
        </thead>
        <tbody>
          {ledger.watches.map((account) => (
            <tr key={account.watch}>
              <th scope="row">
                <a href={formatChoice({ ...choice, part: 'watches', watch: account.watch })}>{account.watch}</a>
              </th>
              <td data-name="Cases" className="number">
                {formatCount(account.opened)}
              </td>
              <td data-name="Confirmed" className="number">
                {formatCount(account.confirmed)}
              </td>
              <td data-name="Other cause" className="number">
                {formatCount(account.otherCause)}
              </td>
              <td data-name="Nothing found" className="number">
                {formatCount(account.nothingFound)}
              </td>
              <td data-name="Precision">
                <PrecisionMark account={account} />
              </td>
              <td data-name="Lead" className="number">
                {account.lead ? formatDays(account.lead.medianDays) : '–'}
              </td>
              <td data-name="False per year" className="number">
                {account.falsePerYear === null ? '–' : formatFigure(account.falsePerYear)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const WIDTH = 80;

/** The interval of 95 % as a bar, and the words of the server. */
function PrecisionMark({ account }: { readonly account: Account }) {
  const bar = precisionBar(account);
  return (
    <span className="life">
      {bar && (
        <svg viewBox={`0 0 ${WIDTH} 12`} width={WIDTH} height="12" aria-hidden="true">
          <path className="life-ground" d={`M0 6H${WIDTH}`} />
          <rect x={bar.low * WIDTH} y="3" width={Math.max(2, (bar.high - bar.low) * WIDTH)} height="6" />
          {bar.at !== null && <path className="life-median" d={`M${bar.at * WIDTH} 0v12`} />}
        </svg>
      )}
      <span className="life-text">{account.precision.words}</span>
    </span>
  );
}
