/** Cases of degradation: those somebody has to decide on first, and the chosen one with its evidence. */

import type { HealthCaseList } from '@tidegate/platform/northbound/contract/healthCase.ts';
import { useState } from 'react';
import { type Choice, formatChoice } from '../../console/choice.ts';
import { formatCount } from '../../reading/number.ts';
import type { CaseSelection } from '../../server/healthApi.ts';
import { useCases, useWatches } from '../useHealth.ts';
import { useOpenedFocus } from '../useOpenedFocus.ts';
import { nothingText } from '../watches/watchWords.ts';
import { CaseDialog } from './CaseDialog.tsx';
import { CaseList, linkIdOf } from './CaseList.tsx';
import { CaseNotice } from './CaseNotice.tsx';
import { CasePanel } from './CasePanel.tsx';
import { useCaseOperations } from './useCaseOperations.ts';

type Filter = 'pending' | 'open' | 'ordered' | 'snoozed' | 'closed';

const FILTERS: readonly (readonly [Filter, string, CaseSelection])[] = [
  ['pending', 'Pending', { show: 'pending' }],
  ['open', 'Open', { show: 'pending', state: 'open' }],
  ['ordered', 'Ordered', { show: 'pending', state: 'ordered' }],
  ['snoozed', 'Snoozed', { show: 'snoozed' }],
  ['closed', 'Closed', { show: 'closed' }],
];
const KEY_WORDS = [
  ['\u2191 \u2193', 'move'],
  ['Enter', 'open'],
  ['O', 'order'],
  ['F', 'finding'],
  ['S', 'snooze'],
  ['C', 'close'],
  ['M', 'comment'],
  ['P', 'print'],
] as const;

interface CasesPartProps {
  readonly nowMs: number;
  readonly choice: Choice;
  readonly onChange: (change: Partial<Choice>) => void;
}

export function CasesPart({ nowMs, choice, onChange }: CasesPartProps) {
  const [filter, setFilter] = useState<Filter>('pending');
  const [, , selection] = FILTERS.find(([name]) => name === filter) ?? FILTERS[0];
  const { data, failureReason } = useCases(selection);
  const operations = useCaseOperations();
  const cases = data?.cases ?? [];
  const shown = choice.case ?? (filter === 'pending' ? cases[0]?.number : undefined);
  const close = () => onChange({ case: undefined });
  const { list, opened } = useOpenedFocus(choice.case === undefined ? undefined : linkIdOf(choice.case));
  return (
    <div className={`case-page${choice.case === undefined ? '' : ' with-choice'}`}>
      <section className="panel cases" aria-label="Cases" ref={list} tabIndex={-1}>
        <Filters data={data ?? undefined} filter={filter} onFilter={setFilter} />
        <CaseNotice operations={operations} />
        {data && cases.length > 0 ? (
          <CaseList
            cases={cases}
            chosen={shown}
            nowMs={data.at / 1_000}
            hrefOf={(number) => formatChoice({ ...choice, case: number })}
          />
        ) : (
          <NoCases data={data} fault={failureReason?.message} filter={filter} />
        )}
        <p className="alarm-foot">
          {data && data.total > cases.length && (
            <span>
              {formatCount(cases.length)} of {formatCount(data.total)} shown.
            </span>
          )}
          <span className="alarm-keys">
            {(shown === undefined ? [] : KEY_WORDS).map(([key, meaning]) => (
              <span key={key}>
                <kbd>{key}</kbd> {meaning}
              </span>
            ))}
          </span>
        </p>
      </section>
      {shown !== undefined && (
        <CasePanel
          number={shown}
          choice={choice}
          nowMs={nowMs}
          operations={operations}
          onClose={close}
          panel={opened}
        />
      )}
      {operations.asking && <CaseDialog intent={operations.asking} operations={operations} nowMs={nowMs} />}
    </div>
  );
}

interface FiltersProps {
  readonly data: HealthCaseList | undefined;
  readonly filter: Filter;
  readonly onFilter: (filter: Filter) => void;
}

function Filters({ data, filter, onFilter }: FiltersProps) {
  const counts = data?.counts;
  const countOf: Partial<Record<Filter, number>> = counts
    ? { pending: counts.open + counts.ordered - counts.snoozed, snoozed: counts.snoozed, closed: counts.closed }
    : {};
  return (
    <div className="panel-head">
      <fieldset className="segments">
        <legend className="visually-hidden">Which cases</legend>
        {FILTERS.map(([name, words]) => (
          <button key={name} type="button" aria-pressed={filter === name} onClick={() => onFilter(name)}>
            {words} {(countOf[name] ?? 0) > 0 && formatCount(countOf[name] ?? 0)}
          </button>
        ))}
      </fieldset>
    </div>
  );
}

interface NoCasesProps {
  readonly data: HealthCaseList | null | undefined;
  readonly fault: string | undefined;
  readonly filter: Filter;
}

function NoCases({ data, fault, filter }: NoCasesProps) {
  const watches = useWatches().data;
  if (data === undefined) {
    return fault ? (
      <p className="notice" role="alert">
        The cases could not be loaded. {fault} Trying again by itself.
      </p>
    ) : (
      <p className="notice">Loading the cases…</p>
    );
  }
  if (data === null) return <p className="notice">{nothingText(null)}</p>;
  const { open, ordered, snoozed, closed } = data.counts;
  if (filter === 'pending' && open + ordered - snoozed === 0) {
    return (
      <div className="notice">
        <p>{watches === undefined ? 'Nothing is degrading.' : nothingText(watches)}</p>
        {snoozed > 0 && <p>{formatCount(snoozed)} snoozed.</p>}
      </div>
    );
  }
  if (filter === 'closed' && closed === 0) return <p className="notice">No case has been closed yet.</p>;
  return <p className="notice">No case is {filter}.</p>;
}
