/** The model behind a case or a watch: its number, and its card for whoever opens it. */

import type { HealthModelCard } from '@tidegate/platform/northbound/contract/healthModel.ts';
import { useState } from 'react';
import { formatCount } from '../reading/number.ts';
import { modelDocumentUrl } from '../server/healthApi.ts';
import { dayText, minuteText } from './cases/caseWords.ts';
import { formatDays } from './lifeLeft.ts';
import { formatFigure } from './quantity.ts';
import { useModelCard } from './useHealth.ts';

type Fact = readonly [name: string, text: string];

interface ModelFactsProps {
  readonly watch: string;
  readonly number: number;
}

export function ModelFacts({ watch, number }: ModelFactsProps) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details className="model-card" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>Model {number}: its card</summary>
      <Card watch={watch} number={number} isOpen={isOpen} />
    </details>
  );
}

function Card({ watch, number, isOpen }: ModelFactsProps & { readonly isOpen: boolean }) {
  const { data, failureReason } = useModelCard(watch, number, isOpen);
  if (!data) {
    return (
      <p className="quiet-note">
        {data === null ? 'This model is no longer kept.' : (failureReason?.message ?? 'Loading its card…')}
      </p>
    );
  }
  const { report, backtest } = data;
  const [low, high] = report.thresholdInterval;
  const facts: readonly Fact[] = [
    ['State', data.fits ? data.state : `${data.state}; the watch has other features now`],
    ...(data.onnx ? originFacts(data.onnx) : []),
    ['Learned', `${minuteText(data.learnedAt)} by ${data.by}`],
    ['From', `${dayText(report.start)} to ${dayText(report.end)}, ${formatCount(report.rows)} rows`],
    ['Known at', minuteText(data.knownAt)],
    ['Features', data.features.join(', ')],
    ['Left out', report.leftOut.join(', ') || 'none'],
    ['Operating modes', formatCount(report.modes)],
    ['Threshold', `${formatFigure(report.threshold)} (${formatFigure(low)} to ${formatFigure(high)})`],
    [
      'Unseen time',
      `${formatCount(backtest.alarms)} alarms in ${formatDays(backtest.days)} (${formatCount(backtest.rows)} rows)`,
    ],
    ...data.excluded.map(
      ({ start, end, reason }) => ['Not learned from', `${dayText(start)} to ${dayText(end)}: ${reason}`] as const,
    ),
    ...data.changes.map(({ at, state, by, why }) => [state, `${minuteText(at)} by ${by}${why && `: ${why}`}`] as const),
  ];
  return (
    <>
      <dl className="facts">
        {facts.map(([name, text]) => (
          <div key={`${name} ${text}`}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      {report.notes.length > 0 && (
        <ul className="reasons">
          {report.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      <p>
        <a href={modelDocumentUrl(watch, number)} download>
          The model as a document
        </a>
      </p>
    </>
  );
}

/** Of a model that was learned elsewhere: its rows are only those that the threshold was set by. */
function originFacts({ file, sha256, input, output, stranger, comment }: NonNullable<HealthModelCard['onnx']>): Fact[] {
  return [
    ['Learned elsewhere', `${file}: ${comment}`],
    ['SHA-256', sha256],
    ['Input and output', `${input} to ${output}; the ${stranger} the score, the stranger the row`],
  ];
}
