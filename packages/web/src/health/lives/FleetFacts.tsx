/** What the estimates of a fleet were learned from: the card, and every life that is known. */

import type { FleetCard, FleetDetail } from '@tidegate/platform/northbound/contract/healthLives.ts';
import { type Choice, formatChoice } from '../../console/choice.ts';
import { formatCount } from '../../reading/number.ts';
import { dayText, minuteText } from '../cases/caseWords.ts';
import { formatFigure } from '../quantity.ts';
import { backtestText, METHOD_WORDS, spanText, unitText } from './livesWords.ts';

export function FleetFacts({ card }: { readonly card: FleetCard }) {
  const { number, learnedAt, by, method, lives, failures, start, end, knownAt, signals, settings } = card;
  const { weibull, hazards, notes, seed } = card;
  const facts: readonly (readonly [string, string])[] = [
    ['Model', `${number}, learned ${minuteText(learnedAt)} by ${by}, ${METHOD_WORDS[method]}`],
    ['From', `${formatCount(lives)} lives, ${formatCount(failures)} of them until they failed`],
    ['Rows', `${dayText(start)} to ${dayText(end)}, as known ${minuteText(knownAt)}`],
    ['Signs of wear', signals.join(', ') || 'none'],
    ['Asked of it', settings.join(', ') || 'nothing is said'],
    ['Held out', backtestText(card)],
    ...(weibull
      ? [
          [
            'Ages',
            `63 % fail before ${formatFigure(weibull.scaleDays)} d; shape ${formatFigure(weibull.shape)}`,
          ] as const,
        ]
      : []),
    ...hazards.map(
      ({ setting, factor, lower, upper }) =>
        [
          `Risk by ${setting}`,
          `${formatFigure(factor)} times for each unit (${formatFigure(lower)} to ${formatFigure(upper)})`,
        ] as const,
    ),
    ['Seed', String(seed)],
  ];
  return (
    <>
      <dl className="facts">
        {facts.map(([name, text]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      {notes.length > 0 && (
        <ul className="reasons">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </>
  );
}

interface FleetUnitsProps {
  readonly fleet: FleetDetail;
  readonly choice: Choice;
}

export function FleetUnits({ fleet: { units, at }, choice }: FleetUnitsProps) {
  return (
    <details className="model-card">
      <summary>The {formatCount(units.length)} lives that are known</summary>
      <ul className="case-lines">
        {units.map((unit) => (
          <li key={`${unit.asset.id} ${unit.number}`}>
            <b title={unit.asset.path}>{unitText(unit)}</b>
            <span>
              {spanText(unit, at)}
              {unit.case !== null && (
                <>
                  , <a href={formatChoice({ ...choice, part: undefined, case: unit.case })}>case {unit.case}</a>
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
