/** Cases in order of their rank, each as a link to what is known of it. */

import type { HealthCase } from '@tidegate/platform/northbound/contract/healthCase.ts';
import { type KeyboardEvent, useRef, useState } from 'react';
import { formatCount } from '../../reading/number.ts';
import { LifeMark } from '../LifeMark.tsx';
import { lifeFrom } from '../lifeLeft.ts';
import { SeverityMark } from '../SeverityMark.tsx';
import { caseGroups } from './caseGroups.ts';
import { dayText, groupText, isSnoozed, placeText, stateText } from './caseWords.ts';

interface CaseListProps {
  readonly cases: readonly HealthCase[];
  readonly chosen: number | undefined;
  readonly nowMs: number;
  readonly hrefOf: (number: number) => string;
}

export const linkIdOf = (number: number) => `case-${number}`;

const MOVES: Readonly<Record<string, (at: number, last: number) => number>> = {
  ArrowDown: (at, last) => Math.min(last, at + 1),
  ArrowUp: (at) => Math.max(0, at - 1),
  Home: () => 0,
  End: (_, last) => last,
};

export function CaseList({ cases, chosen, nowMs, hrefOf }: CaseListProps) {
  const list = useRef<HTMLOListElement>(null);
  const [unfolded, setUnfolded] = useState<ReadonlySet<number>>(new Set());
  const toggle = (number: number) => setUnfolded((before) => before.symmetricDifference(new Set([number])));
  const onKeyDown = (event: KeyboardEvent) => {
    const links = [...(list.current?.querySelectorAll('a') ?? [])];
    const at = links.indexOf(event.target as HTMLAnchorElement);
    const move = MOVES[event.key];
    if (!move || at < 0) return;
    event.preventDefault();
    links[move(at, links.length - 1)].focus();
  };
  return (
    <ol className="case-list" ref={list} onKeyDown={onKeyDown} aria-label="List of cases">
      {caseGroups(cases).flatMap(({ first, others }) => {
        const isUnfolded = unfolded.has(first.number) || others.some(({ number }) => number === chosen);
        return [first, ...(isUnfolded ? others : [])].map((of) => (
          <li key={of.number} className={of.state === 'open' && !isSnoozed(of, nowMs * 1_000) ? 'news' : undefined}>
            <a
              id={linkIdOf(of.number)}
              href={hrefOf(of.number)}
              aria-current={of.number === chosen ? 'true' : undefined}
            >
              <CaseLine of={of} nowMs={nowMs} />
            </a>
            {of === first && others.length > 0 && (
              <button
                type="button"
                className="plain case-more"
                aria-expanded={isUnfolded}
                onClick={() => toggle(first.number)}
              >
                {formatCount(others.length)} more that began with it
              </button>
            )}
          </li>
        ));
      })}
    </ol>
  );
}

function CaseLine({ of, nowMs }: { readonly of: HealthCase; readonly nowMs: number }) {
  const { rank, severity, state, asset, sentence, life, noLife, rankReason, group, since, lastAlertAt, number } = of;
  return (
    <>
      <span className="case-line-head">
        <span className="case-rank number">{rank ?? ''}</span>
        <SeverityMark severity={severity} filled={state === 'open'} />
        <b className="case-asset" title={asset.path}>
          {placeText(asset.path)}
        </b>
        <span className="quiet-note">case {number}</span>
        <span className="spring" />
        <span className="case-state">{stateText(of, nowMs * 1_000)}</span>
      </span>
      <span className="case-sentence">{sentence}</span>
      {state !== 'closed' && <LifeMark life={life && lifeFrom(life, lastAlertAt, nowMs * 1_000)} noLife={noLife} />}
      <span className="quiet-note">
        {rankReason && `${rankReason}; `}since {dayText(since)}
        {group !== null && `; ${groupText(group)}`}
      </span>
    </>
  );
}
