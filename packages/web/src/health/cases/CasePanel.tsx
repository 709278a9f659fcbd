/** One case with its evidence: what is wrong and how sure that is, and what somebody needs who goes there. */

import type { HealthCaseDetail } from '@tidegate/platform/northbound/contract/healthCase.ts';
import type { ReactNode, RefObject } from 'react';
import { type Choice, formatChoice } from '../../console/choice.ts';
import { formatSpan } from '../../reading/span.ts';
import { Evidence } from '../evidence/Evidence.tsx';
import { LifeMark } from '../LifeMark.tsx';
import { formatDays, lifeFrom } from '../lifeLeft.ts';
import { FleetLifeMark } from '../lives/FleetLifeMark.tsx';
import { FleetsLeft } from '../lives/FleetsLeft.tsx';
import { ModelFacts } from '../ModelFacts.tsx';
import { formatFigure } from '../quantity.ts';
import { SeverityMark } from '../SeverityMark.tsx';
import { useCase, useWatch } from '../useHealth.ts';
import { ScoreMark } from '../watches/ScoreMark.tsx';
import { WatchState } from '../watches/WatchState.tsx';
import { CaseHistory, Finding, Orders, SimilarCases } from './CaseRecord.tsx';
import { CaseTrip, PaperFinding } from './CaseTrip.tsx';
import { CASE_OPERATIONS, operationsOf } from './caseOrder.ts';
import { groupText, KIND_WORDS, minuteText, qualityText, spoken, stateText } from './caseWords.ts';
import { SignTable } from './SignTable.tsx';
import { useCaseKeys } from './useCaseKeys.ts';
import type { CaseOperations } from './useCaseOperations.ts';

interface CasePanelProps {
  readonly number: number;
  readonly choice: Choice;
  readonly nowMs: number;
  readonly operations: CaseOperations;
  readonly onClose: () => void;
  readonly panel: RefObject<HTMLElement | null>;
}

export function CasePanel({ number, choice, nowMs, operations, onClose, panel }: CasePanelProps) {
  const { data, failureReason } = useCase(number);
  useCaseKeys(data ?? undefined, { nowMs, operations, onClose });
  return (
    <article className="panel case-panel" aria-label={`Case ${number}`} ref={panel} tabIndex={-1}>
      {data ? (
        <WholeCase of={data} {...{ choice, nowMs, operations, onClose }} />
      ) : (
        <p className="notice" role={failureReason ? 'alert' : undefined}>
          {data === null ? `There is no case ${number}.` : (failureReason?.message ?? 'Loading the case…')}
        </p>
      )}
    </article>
  );
}

interface WholeCaseProps {
  readonly of: HealthCaseDetail;
  readonly choice: Choice;
  readonly nowMs: number;
  readonly operations: CaseOperations;
  readonly onClose: () => void;
}

function WholeCase({ of, choice, nowMs, operations, onClose }: WholeCaseProps) {
  const { number, watch, model, reasons, lastAlertAt } = of;
  return (
    <>
      <CaseHead {...{ of, nowMs, operations, onClose }} />
      <div className="case-body">
        <div className="case-aside">
          <CaseTrip of={of} />
          <Orders orders={of.orders} />
          <Finding of={of} />
        </div>
        <div className="case-main">
          <CaseFacts of={of} choice={choice} nowMs={nowMs} />
          <SignTable signs={reasons.signs} />
          <Evidence key={number} of={{ number }} marks={marksOf(of)} spokeUntil={lastAlertAt} />
          <FleetsLeft estimates={of.fleet} choice={choice} nowMs={nowMs} />
          <Wear of={of} />
          <SimilarCases similar={reasons.similar} linkTo={(other) => formatChoice({ ...choice, case: other })} />
          {model !== null && <ModelFacts key={number} watch={watch.id} number={model} />}
          <CaseHistory history={of.history} />
        </div>
      </div>
      {of.finding === null && <PaperFinding number={number} />}
    </>
  );
}

interface CaseHeadProps {
  readonly of: HealthCaseDetail;
  readonly nowMs: number;
  readonly operations: CaseOperations;
  readonly onClose: () => void;
}

function CaseHead({ of, nowMs, operations, onClose }: CaseHeadProps) {
  const { number, asset, severity, sentence, failure, life, noLife, lastAlertAt } = of;
  return (
    <header className="case-head">
      <div className="panel-head">
        <SeverityMark severity={severity} />
        <h2>
          Case {number}: {failure ? spoken(failure) : 'no failure that is known'}
          <span className="alarm-place">{asset.path}</span>
        </h2>
        <span className="spring" />
        <span className="case-state">{stateText(of, nowMs * 1_000)}</span>
        <button
          type="button"
          className="icon-button close-case"
          aria-label="Close the case panel"
          title="Back to the list (Esc)"
          onClick={onClose}
        >
          <svg viewBox="0 0 12 12" width="14" height="14" aria-hidden="true">
            <path d="m2 2 8 8m0-8-8 8" stroke="currentColor" strokeWidth="1.6" />
          </svg>
        </button>
      </div>
      <p className="case-sentence">{sentence}</p>
      {of.state !== 'closed' && (
        <p className="case-left">
          <span className="fact-name">Left</span>
          <LifeMark life={life && lifeFrom(life, lastAlertAt, nowMs * 1_000)} noLife={noLife} />
        </p>
      )}
      {of.state !== 'closed' &&
        of.fleet.map((estimate) => (
          <p key={estimate.lives} className="case-left">
            <span className="fact-name">By others like it</span>
            <FleetLifeMark estimate={estimate} nowMs={nowMs} />
          </p>
        ))}
      <p className="case-buttons">
        {operationsOf(of, nowMs * 1_000).map((operation, place) => (
          <button
            key={operation}
            type="button"
            className={place === 0 ? 'primary' : undefined}
            disabled={operations.isBusy}
            onClick={() => operations.ask(operation, of)}
          >
            {CASE_OPERATIONS[operation].verb}
            {operation !== 'wake' && '…'}
          </button>
        ))}
        <button type="button" onClick={() => window.print()}>
          Print
        </button>
      </p>
    </header>
  );
}

interface CaseFactsProps {
  readonly of: HealthCaseDetail;
  readonly choice: Choice;
  readonly nowMs: number;
}

function CaseFacts({ of, choice, nowMs }: CaseFactsProps) {
  const { reasons, since, openedAt, lastAlertAt, rank, rankReason, group, quality, watch, asset, model } = of;
  const ago = (us: number) => `${minuteText(us)} (${formatSpan(nowMs - us / 1_000)} ago)`;
  return (
    <dl className="facts">
      {rank !== null && (
        <Fact name="Rank">
          {rank}: {rankReason}
        </Fact>
      )}
      {group !== null && <Fact name="Together">It {groupText(group)}: look for what they have in common.</Fact>}
      <Fact name="Since">{ago(since)}</Fact>
      <Fact name="Opened">{ago(openedAt)}</Fact>
      <Fact name="Last alert">{ago(lastAlertAt)}</Fact>
      <Now watch={watch.id} />
      <Fact name="Kind">
        {KIND_WORDS[reasons.kind]}
        {reasons.score !== null && ` Highest score ${formatFigure(reasons.score)}.`}
      </Fact>
      {reasons.mode !== null && <Fact name="Mode">{reasons.mode}</Fact>}
      <Fact name="Data">{qualityText(quality)}</Fact>
      <Fact name="Raised by">
        <a href={formatChoice({ ...choice, part: 'watches', watch: watch.id })}>{spoken(watch.name)}</a> of{' '}
        <a href={formatChoice({ ...choice, page: 'assets', asset: asset.path, part: undefined })}>{asset.path}</a>
        {model !== null && `, model ${model}`}
      </Fact>
    </dl>
  );
}

/** A case outlives what raised it: whoever decides must see whether it is still so. */
function Now({ watch }: { readonly watch: string }) {
  const now = useWatch(watch).data;
  if (!now) return null;
  return (
    <Fact name="Now">
      <WatchState watch={now} /> <ScoreMark score={now.score} threshold={now.threshold} />
    </Fact>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Wear({ of: { reasons } }: { readonly of: HealthCaseDetail }) {
  const worn = reasons.fatigue.filter(({ damage }) => damage !== null);
  if (worn.length === 0) return null;
  return (
    <section aria-label="Wear">
      <h3>Wear</h3>
      <ul className="case-lines">
        {worn.map(({ name, damage, perDay }) => (
          <li key={name}>
            <b>{spoken(name)}</b>
            <span>
              {formatFigure((damage ?? 0) * 100)} % of its life is used up
              {perDay !== null && perDay > 0 && `, ${formatFigure(perDay * 1e6)} ppm a day more`}
              {perDay !== null && perDay > 0 && damage !== null && damage < 1 && (
                <span className="quiet-note"> used up in {formatDays((1 - damage) / perDay)} at this rate</span>
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function marksOf({ since, openedAt, finding }: HealthCaseDetail) {
  return [
    { timeUs: since, name: 'it began' },
    { timeUs: openedAt, name: 'the case was opened' },
    ...(finding ? [{ timeUs: finding.at, name: 'it was looked at' }] : []),
  ];
}
