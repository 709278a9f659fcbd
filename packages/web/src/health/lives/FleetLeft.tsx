/** What the lives of others like it tell of an asset: how long it lasts, how sure that is, what moves it, and how those went. */

import type { FleetEstimate } from '@tidegate/platform/northbound/contract/healthLives.ts';
import type { ReactNode } from 'react';
import { formatPercent } from '../../alarms/analysis/analysisFigures.ts';
import { TimePlot } from '../../plot/TimePlot.tsx';
import { FULL_QUALITY, minuteText, spoken } from '../cases/caseWords.ts';
import { formatDays } from '../lifeLeft.ts';
import { useCourses, useFleet } from '../useHealth.ts';
import { coursePlot } from './coursePlot.ts';
import { FleetLifeMark } from './FleetLifeMark.tsx';
import { backtestText, METHOD_WORDS, reasonText, unitText } from './livesWords.ts';

const PLOT_HEIGHT = 220;

interface FleetLeftProps {
  readonly estimate: FleetEstimate;
  readonly nowMs: number;
  /** Its heading. */
  readonly children: ReactNode;
}

export function FleetLeft({ estimate, nowMs, children }: FleetLeftProps) {
  const { lives, asset, sentence, life, method, at, ageDays, quality, coverage, model } = estimate;
  const card = useFleet(lives).data?.card;
  return (
    <section className="evidence" aria-label={`Life left of ${asset.path}, by ${spoken(lives)} of others`}>
      <h3>{children}</h3>
      <p>
        <FleetLifeMark estimate={estimate} nowMs={nowMs} />
      </p>
      {life && (
        <>
          <p>{sentence}</p>
          <Reasons estimate={estimate} />
          {method === 'signals' && <Courses estimate={estimate} />}
        </>
      )}
      <p className="quiet-note">
        Reckoned {METHOD_WORDS[method]} (model {model}), as of {minuteText(at)}
        {ageDays !== null && `, at an age of ${formatDays(ageDays)}`}. The range is to hold in {formatPercent(coverage)}{' '}
        of all. {card && card.number === model && backtestText(card)}
        {quality !== null &&
          quality < FULL_QUALITY &&
          ` Only ${formatPercent(quality)} of the data behind it were good.`}
      </p>
    </section>
  );
}

function Reasons({ estimate: { reasons } }: { readonly estimate: FleetEstimate }) {
  if (reasons.length === 0) return null;
  return (
    <ul className="case-lines" aria-label="What moves it">
      {reasons.map((reason) => (
        <li key={reason.feature}>
          <b>{spoken(reason.feature)}</b>
          <span>makes it {reasonText(reason)}</span>
        </li>
      ))}
    </ul>
  );
}

/** Each earlier life lies so that it looked then as this one does now. */
function Courses({ estimate }: { readonly estimate: FleetEstimate }) {
  const { lives, asset, number, similar } = estimate;
  const { data } = useCourses(lives, asset.id);
  const plot = data && coursePlot(estimate, data.courses);
  return (
    <>
      {plot && (
        <TimePlot
          label={`Health index of ${unitText({ asset, number: number ?? 1 })} and of lives that looked like it`}
          {...plot}
          rules={[{ value: 0, name: 'failure' }]}
          unit="d"
          height={PLOT_HEIGHT}
        />
      )}
      {similar.length > 0 && (
        <ul className="case-lines" aria-label="Lives that looked like it">
          {similar.map((one) => (
            <li key={`${one.asset.id} ${one.number}`}>
              <b>{unitText(one)}</b>
              <span>
                had {formatDays(one.leftDays)} left when it looked as this one does now
                <span className="quiet-note">{formatDays(one.distanceDays)} apart in the mean</span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
