/** The lives of one fleet: what every asset has left, the one that is looked at, and what it was all learned from. */

import type { FleetDetail } from '@tidegate/platform/northbound/contract/healthLives.ts';
import { type RefObject, useState } from 'react';
import { type Choice, formatChoice } from '../../console/choice.ts';
import { formatSpan } from '../../reading/span.ts';
import { minuteText, spoken } from '../cases/caseWords.ts';
import { formatDays } from '../lifeLeft.ts';
import { useEstimates, useFleet } from '../useHealth.ts';
import { EstimateTable } from './EstimateTable.tsx';
import { FleetFacts, FleetUnits } from './FleetFacts.tsx';
import { FleetLeft } from './FleetLeft.tsx';
import { LearnFleetDialog } from './LearnFleetDialog.tsx';
import { backtestText, countsText } from './livesWords.ts';
import { SurvivorPlot } from './SurvivorPlot.tsx';

const MS_PER_DAY = 86_400e3;

interface FleetPanelProps {
  readonly name: string;
  readonly choice: Choice;
  readonly nowMs: number;
  readonly onClose: () => void;
  readonly panel: RefObject<HTMLElement | null>;
}

export function FleetPanel({ name, choice, nowMs, onClose, panel }: FleetPanelProps) {
  const { data, failureReason } = useFleet(name);
  return (
    <article className="panel watch-panel" aria-label={`Lives ${spoken(name)}`} ref={panel} tabIndex={-1}>
      {data ? (
        <WholeFleet fleet={data} {...{ choice, nowMs, onClose }} />
      ) : (
        <p className="notice" role={failureReason ? 'alert' : undefined}>
          {data === null ? `There are no lives “${name}”.` : (failureReason?.message ?? 'Loading the lives…')}
        </p>
      )}
    </article>
  );
}

interface WholeFleetProps {
  readonly fleet: FleetDetail;
  readonly choice: Choice;
  readonly nowMs: number;
  readonly onClose: () => void;
}

function WholeFleet({ fleet, choice, nowMs, onClose }: WholeFleetProps) {
  const { name, description, type, cycleDays, horizonDays, card, refused } = fleet;
  return (
    <>
      <div className="panel-head">
        <h2>
          {spoken(name)}
          <span className="alarm-place">{type}</span>
        </h2>
        <span className="panel-note">{countsText(fleet)}</span>
        <span className="spring" />
        <button type="button" onClick={onClose}>
          Close
        </button>
      </div>
      <div className="watch-body">
        {description && <p>{description}</p>}
        <p className="quiet-note">
          Told in steps of {formatSpan(cycleDays * MS_PER_DAY)}, up to {formatDays(horizonDays)}.{' '}
          {card && backtestText(card)}
        </p>
        {refused !== null && (
          <p className="abnormal">
            {card ? `It could not be learned anew: ${refused}` : `Nothing is told: ${refused}`}
          </p>
        )}
        <Estimates fleet={fleet} choice={choice} nowMs={nowMs} />
        <section aria-label="Ages">
          <h3>How old they get</h3>
          <SurvivorPlot fleet={fleet} />
        </section>
        <Learned fleet={fleet} />
        <FleetUnits fleet={fleet} choice={choice} />
      </div>
    </>
  );
}

interface EstimatesProps {
  readonly fleet: FleetDetail;
  readonly choice: Choice;
  readonly nowMs: number;
}

function Estimates({ fleet, choice, nowMs }: EstimatesProps) {
  const { data, failureReason } = useEstimates(fleet.name);
  const estimates = data?.estimates ?? [];
  if (estimates.length === 0) {
    return <p className="quiet-note">{failureReason?.message ?? (data ? 'No estimate yet.' : 'Loading…')}</p>;
  }
  const shown = estimates.find(({ asset }) => asset.path === choice.asset) ?? estimates[0];
  const watch = fleet.members.find(({ asset }) => asset.id === shown.asset.id)?.watch;
  return (
    <>
      <EstimateTable estimates={estimates} shown={shown} choice={choice} nowMs={nowMs} />
      <FleetLeft key={shown.asset.id} estimate={shown} nowMs={nowMs}>
        <span>
          {shown.asset.path}
          {watch !== undefined && (
            <>
              , <a href={formatChoice({ ...choice, part: 'watches', watch })}>its watch</a>
            </>
          )}
        </span>
      </FleetLeft>
    </>
  );
}

function Learned({ fleet }: { readonly fleet: FleetDetail }) {
  const [isAsking, setIsAsking] = useState(false);
  const { card, learning, outdated, renewedAt } = fleet;
  return (
    <section aria-label="What was learned">
      <h3>
        What was learned
        <button type="button" disabled={learning} onClick={() => setIsAsking(true)}>
          {learning ? 'Learning…' : 'Learn anew…'}
        </button>
      </h3>
      <p role="status" className="quiet-note">
        {learning && 'It is being learned. '}
        {outdated && !learning && 'Lives have come since: it is learned anew within a day. '}
        {renewedAt !== null && `Estimates were renewed ${minuteText(renewedAt)}.`}
      </p>
      {card && <FleetFacts card={card} />}
      {isAsking && <LearnFleetDialog name={fleet.name} onEnd={() => setIsAsking(false)} />}
    </section>
  );
}
