/** What is on record of a case: orders, the finding with its photos, cases like it, and what has happened. */

import type { HealthCaseDetail } from '@tidegate/platform/northbound/contract/healthCase.ts';
import { formatPercent } from '../../alarms/analysis/analysisFigures.ts';
import { photoUrl } from '../../server/healthApi.ts';
import { useCase } from '../useHealth.ts';
import { CHANGE_WORDS, minuteText, OUTCOME_WORDS, spoken } from './caseWords.ts';

type CaseLink = (number: number) => string;

export function Finding({ of: { number, finding, photos } }: { readonly of: HealthCaseDetail }) {
  if (!finding && photos.length === 0) return null;
  return (
    <section aria-label="What was found">
      <h3>What was found</h3>
      {finding && (
        <>
          <p>
            <b>{OUTCOME_WORDS[finding.outcome]}</b>
            {finding.failure && `: ${spoken(finding.failure)}`}
            {finding.repaired && ', put right'}
            {finding.failedAt !== null && `, failed ${minuteText(finding.failedAt)}`}
          </p>
          {finding.notes && <p className="case-notes">{finding.notes}</p>}
          <p className="quiet-note">
            {finding.by}, {minuteText(finding.at)}
          </p>
        </>
      )}
      <ul className="case-photos">
        {photos.map(({ photo, by, at }, place) => (
          <li key={photo}>
            <a href={photoUrl(number, photo)} target="_blank" rel="noreferrer">
              <img
                src={photoUrl(number, photo)}
                alt={`${place + 1} of ${photos.length}, by ${by}, ${minuteText(at)}`}
              />
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function Orders({ orders }: { readonly orders: HealthCaseDetail['orders'] }) {
  if (orders.length === 0) return null;
  return (
    <section aria-label="Work orders">
      <h3>Work orders</h3>
      <ul className="case-lines">
        {orders.map(({ at, reference, trouble, port, by, comment }) => (
          <li key={at}>
            <time dateTime={new Date(at / 1_000).toISOString()}>{minuteText(at)}</time>
            <span>
              <b>{reference ?? `not taken yet by ${port}`}</b> by {by}
              {comment && <q>{comment}</q>}
              {trouble !== null && <span className="abnormal"> {trouble}</span>}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface SimilarCasesProps {
  readonly similar: HealthCaseDetail['reasons']['similar'];
  readonly linkTo: CaseLink;
}

export function SimilarCases({ similar, linkTo }: SimilarCasesProps) {
  if (similar.length === 0) return null;
  return (
    <section aria-label="Cases like it">
      <h3>Cases like it</h3>
      <ul className="case-lines">
        {similar.map(({ number, likeness, outcome }) => (
          <li key={number}>
            <a href={linkTo(number)}>Case {number}</a>
            <span>
              {formatPercent(likeness)} alike, <b>{OUTCOME_WORDS[outcome].toLowerCase()}</b>
              <WhatItWas number={number} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function WhatItWas({ number }: { readonly number: number }) {
  const found = useCase(number).data;
  if (!found?.finding) return null;
  const { failure, notes } = found.finding;
  return (
    <>
      {failure && `: ${spoken(failure)}`} <span className="quiet-note">{found.asset.path}</span>
      {notes && <q>{notes}</q>}
    </>
  );
}

export function CaseHistory({ history }: { readonly history: HealthCaseDetail['history'] }) {
  return (
    <section aria-label="What has happened">
      <h3>What has happened</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable without a pointer */}
      <ol className="case-lines case-history" tabIndex={0}>
        {history.toReversed().map(({ at, what, by, why }) => (
          <li key={`${at} ${what} ${why}`} className={what}>
            <time dateTime={new Date(at / 1_000).toISOString()}>{minuteText(at)}</time>
            <span>
              {CHANGE_WORDS[what]} by {by}
              {why && <q>{why}</q>}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
