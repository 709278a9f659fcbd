/** What the journal says of the alarm system, held against ISA-18.2 and EEMUA 191. */

import type { AlarmAnalysis } from '@tidegate/platform/northbound/contract/alarm.ts';
import { type ReactNode, useState } from 'react';
import { VerdictMark } from '../../boundary/VerdictMark.tsx';
import { formatCount } from '../../reading/number.ts';
import { PriorityMark } from '../PriorityMark.tsx';
import { useAlarmAnalysis } from '../useAlarms.ts';
import { ActorTable } from './ActorTable.tsx';
import { actorName, analysisFigures, formatPercent, priorityShares } from './analysisFigures.ts';
import { FloodList } from './FloodList.tsx';
import { RatePlot } from './RatePlot.tsx';

const PERIODS = ['8h', '24h', '7d', '30d'] as const;
const MOST_OPERATORS = 1_000;

export function AnalysisPart({ nowMs }: { readonly nowMs: number }) {
  const [period, setPeriod] = useState<(typeof PERIODS)[number]>('24h');
  const [operators, setOperators] = useState(1);
  const { data, failureReason } = useAlarmAnalysis(period, operators);
  return (
    <div className="alarm-analysis">
      <Panel
        name="How much is asked of an operator"
        tools={
          <>
            <fieldset className="segments">
              <legend className="visually-hidden">Period</legend>
              {PERIODS.map((each) => (
                <button key={each} type="button" aria-pressed={each === period} onClick={() => setPeriod(each)}>
                  {each.replace(/(\d+)/, '$1 ')}
                </button>
              ))}
            </fieldset>
            <label className="inline">
              among
              <input
                type="number"
                min={1}
                max={MOST_OPERATORS}
                value={operators}
                onChange={({ target }) =>
                  target.validity.valid && target.value !== '' && setOperators(target.valueAsNumber)
                }
              />
              operators
            </label>
          </>
        }
      >
        {data ? (
          <Rates analysis={data} operators={operators} nowMs={nowMs} />
        ) : (
          <p className="notice" role={failureReason ? 'alert' : undefined}>
            {failureReason ? failureReason.message : 'Reckoning…'}
          </p>
        )}
      </Panel>
      {data && (
        <>
          <Panel name="Bad actors" note="the alarms that came most often, and what is wrong with them">
            <ActorTable actors={data.alarms} />
            <Duplicates duplicates={data.duplicates} />
          </Panel>
          <Panel name="Floods" note="ten alarms or more within ten minutes, the latest first">
            <FloodList floods={data.floods} nowMs={nowMs} />
          </Panel>
        </>
      )}
    </div>
  );
}

interface PanelProps {
  readonly name: string;
  readonly note?: string;
  readonly tools?: ReactNode;
  readonly children: ReactNode;
}

function Panel({ name, note, tools, children }: PanelProps) {
  return (
    <section className="panel" aria-label={name}>
      <div className="panel-head">
        <h2>{name}</h2>
        {note && <span className="panel-note">{note}</span>}
        <span className="spring" />
        {tools}
      </div>
      {children}
    </section>
  );
}

interface RatesProps {
  readonly analysis: AlarmAnalysis;
  readonly operators: number;
  readonly nowMs: number;
}

function Rates({ analysis, operators, nowMs }: RatesProps) {
  const { rate, activations } = analysis;
  return (
    <div className="rates">
      <RatePlot periods={rate.periods} counts={rate.counts} operators={operators} nowMs={nowMs} />
      <p className="quiet-note">
        {formatCount(activations)} activations. Each bar is ten minutes or, of long periods, the worst ten minutes of a
        few hours; per operator. The lines are those of ISA-18.2, 16.5.
      </p>
      <ul className="figure-cards">
        {analysisFigures(analysis).map(({ name, value, target, state, meaning }) => (
          <li key={name}>
            <h3>{name}</h3>
            <p className="figure">
              {value} <VerdictMark state={state}>{state === 'well' ? 'as it should be' : 'too much'}</VerdictMark>
            </p>
            <p className="quiet-note">
              Target: {target}. {meaning}
            </p>
          </li>
        ))}
      </ul>
      <Shares analysis={analysis} />
    </div>
  );
}

function Shares({ analysis }: { readonly analysis: AlarmAnalysis }) {
  return (
    <table className="priority-shares">
      <caption>Priorities: an operator who sees mostly urgent alarms cannot tell which is urgent.</caption>
      <thead>
        <tr>
          <th scope="col">Priority</th>
          <th scope="col" className="number">
            Share
          </th>
          <th scope="col" className="number">
            Target
          </th>
          <td />
        </tr>
      </thead>
      <tbody>
        {priorityShares(analysis).map(({ priority, share, target }) => (
          <tr key={priority}>
            <th scope="row">
              <PriorityMark priority={priority} silent /> {priority}
            </th>
            <td className="number">{formatPercent(share)}</td>
            <td className="number">
              {priority === 'critical' ? 'under ' : 'about '}
              {formatPercent(target)}
            </td>
            <td className="share-cell" aria-hidden="true">
              <span className="share-of" style={{ inlineSize: `${share * 100}%` }} />
              <span className="share-target" style={{ insetInlineStart: `${target * 100}%` }} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Duplicates({ duplicates }: Pick<AlarmAnalysis, 'duplicates'>) {
  if (duplicates.length === 0) return null;
  return (
    <details className="duplicates">
      <summary>{formatCount(duplicates.length)} pairs nearly always come together: one of each may be enough</summary>
      <ul>
        {duplicates.map(({ alarms, together, share }) => (
          <li key={alarms.join(' ')}>
            {alarms.map((alarm) => actorName(alarm).name).join(' and ')}: {formatCount(together)} times (
            {formatPercent(share)})
          </li>
        ))}
      </ul>
    </details>
  );
}
