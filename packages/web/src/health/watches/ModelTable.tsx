/** The models of a watch: what shadows would have said, and the buttons by which one gets the voice or loses it. */

import type { HealthModel } from '@tidegate/platform/northbound/contract/healthModel.ts';
import type { HealthWatchDetail } from '@tidegate/platform/northbound/contract/healthWatch.ts';
import { useState } from 'react';
import { formatPercent } from '../../alarms/analysis/analysisFigures.ts';
import { formatCount } from '../../reading/number.ts';
import { dayText, minuteText } from '../cases/caseWords.ts';
import { formatDays } from '../lifeLeft.ts';
import { ModelFacts } from '../ModelFacts.tsx';
import { formatFigure } from '../quantity.ts';
import { useModels } from '../useHealth.ts';
import { MODEL_VERBS, ModelDialog, type ModelIntent } from './ModelDialog.tsx';

interface ModelTableProps {
  readonly watch: HealthWatchDetail;
  readonly nowMs: number;
}

export function ModelTable({ watch, nowMs }: ModelTableProps) {
  const { data, failureReason } = useModels(watch.id);
  const [asking, setAsking] = useState<ModelIntent>();
  const [told, setTold] = useState('');
  const models = data?.models ?? [];
  return (
    <section aria-label="Models">
      <h3>
        Models
        <button type="button" onClick={() => setAsking({ operation: 'learn', number: undefined })}>
          {MODEL_VERBS.learn}…
        </button>
      </h3>
      <p role="status" className="model-told">
        {told}
      </p>
      {watch.learning && <Learning learning={watch.learning} />}
      {models.length === 0 && (
        <p className="quiet-note">{failureReason?.message ?? (data ? 'None has been learned yet.' : 'Loading…')}</p>
      )}
      <ul className="model-list">
        {models.map((model) => (
          <ModelLine
            key={model.number}
            model={model}
            comparison={watch.comparisons.find((one) => one.model === model.number)}
            broken={watch.brokenShadows.find((one) => one.model === model.number)?.why}
            onAsk={setAsking}
          />
        ))}
      </ul>
      {asking && (
        <ModelDialog
          watch={watch}
          intent={asking}
          nowMs={nowMs}
          onDone={(text) => {
            setTold(text);
            setAsking(undefined);
          }}
          onCancel={() => setAsking(undefined)}
        />
      )}
    </section>
  );
}

function Learning({ learning }: { readonly learning: NonNullable<HealthWatchDetail['learning']> }) {
  const { underWay, foundDays, neededDays, refused, begun, by } = learning;
  return (
    <p>
      {underWay ? 'Learning' : 'No model came of it'}: {formatFigure(foundDays)} of {formatFigure(neededDays)} days of
      normal operation, begun {minuteText(begun)} by {by}. {refused}
    </p>
  );
}

interface ModelLineProps {
  readonly model: HealthModel;
  readonly comparison: HealthWatchDetail['comparisons'][number] | undefined;
  /** Why it cannot judge. */
  readonly broken: string | undefined;
  readonly onAsk: (intent: ModelIntent) => void;
}

function ModelLine({ model, comparison, broken, onAsk }: ModelLineProps) {
  const { number, state, fits, learnedAt, start, end, rows, threshold, backtest, watch, file } = model;
  return (
    <li className={state}>
      <p>
        <b>
          Model {number}, {state}
        </b>{' '}
        {file === null ? 'learned' : <>from {file}, its threshold learned</>} {dayText(learnedAt)} by {model.by} from{' '}
        {formatCount(rows)} rows of {dayText(start)} to {dayText(end)}, threshold {formatFigure(threshold)},{' '}
        {formatCount(backtest.alarms)} alarms in {formatDays(backtest.days)} that it had not seen.
        {!fits && <span className="abnormal"> The watch has other features now.</span>}
      </p>
      {broken && <p className="abnormal">It judges no more: {broken}</p>}
      {comparison && <Comparison comparison={comparison} />}
      <p className="case-buttons">
        {state !== 'active' && fits && (
          <button type="button" onClick={() => onAsk({ operation: 'promote', number })}>
            {MODEL_VERBS.promote}…
          </button>
        )}
        {state !== 'retired' && (
          <button type="button" onClick={() => onAsk({ operation: 'retire', number })}>
            {MODEL_VERBS.retire}…
          </button>
        )}
      </p>
      <ModelFacts watch={watch} number={number} />
    </li>
  );
}

function Comparison({ comparison }: { readonly comparison: HealthWatchDetail['comparisons'][number] }) {
  const { against, rows, since, until, activeAlarms, shadowAlarms, active, shadow, agreement } = comparison;
  if (rows === 0 || since === null || until === null) {
    return <p className="quiet-note">Not a row yet that both it and model {against} have judged.</p>;
  }
  return (
    <table className="comparison">
      <caption className="quiet-note">
        {formatCount(rows)} rows of {dayText(since)} to {dayText(until)} that both have judged
        {agreement !== null && `; they say the same of ${formatPercent(agreement)}`}
      </caption>
      <thead>
        <tr>
          <th scope="col">Model</th>
          <th scope="col" className="number">
            Alarms
          </th>
          <th scope="col" className="number">
            Rows in alarm
          </th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">{against}, with the voice</th>
          <td className="number">{formatCount(activeAlarms)}</td>
          <td className="number">{formatCount(active)}</td>
        </tr>
        <tr>
          <th scope="row">{comparison.model}, shadow</th>
          <td className="number">{formatCount(shadowAlarms)}</td>
          <td className="number">{formatCount(shadow)}</td>
        </tr>
      </tbody>
    </table>
  );
}
