/** One watch: its features, what its model has learned, whether that still holds, and models that wait for a voice. */

import type { HealthWatchDetail } from '@tidegate/platform/northbound/contract/healthWatch.ts';
import type { ReactNode, RefObject } from 'react';
import { formatPercent } from '../../alarms/analysis/analysisFigures.ts';
import { VerdictMark } from '../../boundary/VerdictMark.tsx';
import { type Choice, formatChoice } from '../../console/choice.ts';
import { formatCount, formatGiven } from '../../reading/number.ts';
import { dayText, minuteText, spoken } from '../cases/caseWords.ts';
import { Evidence } from '../evidence/Evidence.tsx';
import { formatDays } from '../lifeLeft.ts';
import { FleetsLeft } from '../lives/FleetsLeft.tsx';
import { formatFigure } from '../quantity.ts';
import { useWatch } from '../useHealth.ts';
import { FeatureTable } from './FeatureTable.tsx';
import { ModelTable } from './ModelTable.tsx';
import { WatchState } from './WatchState.tsx';

interface WatchPanelProps {
  /** Its id. */
  readonly watch: string;
  readonly choice: Choice;
  readonly nowMs: number;
  readonly onClose: () => void;
  readonly panel: RefObject<HTMLElement | null>;
}

export function WatchPanel({ watch, choice, nowMs, onClose, panel }: WatchPanelProps) {
  const { data, failureReason } = useWatch(watch);
  const label = data ? `Watch ${spoken(data.name)}` : 'Watch';
  return (
    <article className="panel watch-panel" aria-label={label} ref={panel} tabIndex={-1}>
      {data ? (
        <WholeWatch watch={data} {...{ choice, nowMs, onClose }} />
      ) : (
        <p className="notice" role={failureReason ? 'alert' : undefined}>
          {data === null ? `There is no watch “${watch}”.` : (failureReason?.message ?? 'Loading the watch…')}
        </p>
      )}
    </article>
  );
}

interface WholeWatchProps {
  readonly watch: HealthWatchDetail;
  readonly choice: Choice;
  readonly nowMs: number;
  readonly onClose: () => void;
}

function WholeWatch({ watch, choice, nowMs, onClose }: WholeWatchProps) {
  const { id, name, asset, description, budget, condition, intervalSeconds, openCase } = watch;
  return (
    <>
      <div className="panel-head">
        <h2>
          {spoken(name)}
          <span className="alarm-place">{asset.path}</span>
        </h2>
        <WatchState watch={watch} />
        <span className="spring" />
        {openCase !== null && (
          <a href={formatChoice({ ...choice, part: undefined, case: openCase })}>Case {openCase}</a>
        )}
        <button type="button" onClick={onClose}>
          Close
        </button>
      </div>
      <div className="watch-body">
        <p>{description}</p>
        <p className="quiet-note">
          A row for each {Math.round(intervalSeconds / 60)} min
          {condition !== null && (
            <>
              {' '}
              in which <code>{condition}</code>
            </>
          )}
          . {formatGiven(budget.alarms)} false alarm{budget.alarms === 1 ? '' : 's'} in {formatGiven(budget.perDays)}{' '}
          days is what it may cost.
        </p>
        <FeatureTable watch={watch} />
        <Evidence of={{ watch: id }} />
        <FleetsLeft estimates={watch.fleet} choice={choice} nowMs={nowMs} />
        <Learned watch={watch} />
        <StillLike watch={watch} />
        <ModelTable watch={watch} nowMs={nowMs} />
        <Excluded periods={watch.excluded} />
      </div>
    </>
  );
}

function Learned({ watch: { report, model } }: { readonly watch: HealthWatchDetail }) {
  if (!report) return null;
  const [low, high] = report.thresholdInterval;
  return (
    <Section name={`What model ${model ?? ''} has learned`}>
      <p>
        From {formatCount(report.rows)} rows of {dayText(report.start)} to {dayText(report.end)}:{' '}
        {report.modes === 1 ? 'one operating mode' : `${formatCount(report.modes)} operating modes`}, threshold{' '}
        {formatFigure(report.threshold)} ({formatFigure(low)} to {formatFigure(high)}).
        {report.leftOut.length > 0 && ` Not watched, because nothing was found in it: ${report.leftOut.join(', ')}.`}
      </p>
      {report.notes.length > 0 && (
        <ul className="reasons">
          {report.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </Section>
  );
}

/** Whether what comes is still like what was learned from. */
function StillLike({ watch: { modelDrift, lateSamples } }: { readonly watch: HealthWatchDetail }) {
  if (!modelDrift) return null;
  const { days, rows, outside, unknownMode, unscored, says } = modelDrift;
  return (
    <Section name="Whether it still holds">
      <p>
        <VerdictMark state={says.length > 0 ? 'attention' : 'well'}>
          {says.length > 0
            ? 'what comes is no longer what was learned from'
            : 'what comes is like what was learned from'}
        </VerdictMark>
      </p>
      {says.length > 0 && (
        <ul className="reasons">
          {says.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
      <p className="quiet-note">
        Of {formatCount(rows)} rows in {formatDays(days)}: {formatPercent(outside)} beyond all that was learned from,{' '}
        {formatPercent(unknownMode)} in operating modes that were not learned, {formatPercent(unscored)} without a
        score.
        {lateSamples > 0 && ` ${formatCount(lateSamples)} samples came after their row was judged.`}
      </p>
    </Section>
  );
}

function Excluded({ periods }: { readonly periods: HealthWatchDetail['excluded'] }) {
  if (periods.length === 0) return null;
  return (
    <Section name="Not learned from">
      <ul className="case-lines">
        {periods.map(({ start, end, reason }) => (
          <li key={`${start} ${reason}`}>
            <span>
              {minuteText(start)} to {minuteText(end)}
            </span>
            <span>{reason}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Section({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <section aria-label={name}>
      <h3>{name}</h3>
      {children}
    </section>
  );
}
