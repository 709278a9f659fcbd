/** What every asset of a fleet has left, the least first. */

import type { FleetEstimate } from '@tidegate/platform/northbound/contract/healthLives.ts';
import { formatPercent } from '../../alarms/analysis/analysisFigures.ts';
import { type Choice, formatChoice } from '../../console/choice.ts';
import { placeText, spoken } from '../cases/caseWords.ts';
import { formatDays } from '../lifeLeft.ts';
import { FleetLifeMark } from './FleetLifeMark.tsx';
import { reasonText, unitText } from './livesWords.ts';

const MOST_REASONS = 2;
const COLUMNS = ['Asset', 'Left', 'Age', 'What moves it', 'Most like', 'Good data'];

interface EstimateTableProps {
  readonly estimates: readonly FleetEstimate[];
  readonly shown: FleetEstimate;
  readonly choice: Choice;
  readonly nowMs: number;
}

export function EstimateTable({ estimates, shown, choice, nowMs }: EstimateTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable without a pointer
    <section className="figures-table stacking" aria-label="What each has left" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {COLUMNS.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {estimates.map((estimate) => (
            <EstimateRow
              key={estimate.asset.id}
              estimate={estimate}
              isShown={estimate === shown}
              choice={choice}
              nowMs={nowMs}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface EstimateRowProps {
  readonly estimate: FleetEstimate;
  readonly isShown: boolean;
  readonly choice: Choice;
  readonly nowMs: number;
}

function EstimateRow({ estimate, isShown, choice, nowMs }: EstimateRowProps) {
  const { asset, life, ageDays, reasons, similar, quality } = estimate;
  const moves = reasons.slice(0, MOST_REASONS).map((reason) => `${spoken(reason.feature)} ${reasonText(reason)}`);
  const [most] = similar;
  return (
    <tr className={isShown ? 'chosen' : undefined}>
      <th scope="row">
        <a
          href={formatChoice({ ...choice, asset: asset.path })}
          aria-current={isShown ? 'true' : undefined}
          title={asset.path}
        >
          {placeText(asset.path)}
        </a>
      </th>
      <td data-name="Left" className="patterns" colSpan={life ? 1 : COLUMNS.length - 1}>
        <FleetLifeMark estimate={estimate} nowMs={nowMs} />
      </td>
      {life && (
        <>
          <td data-name="Age">{ageDays === null ? '–' : formatDays(ageDays)}</td>
          <td data-name="What moves it" className="patterns">
            {moves.join(', ') || '–'}
          </td>
          <td data-name="Most like" className="patterns">
            {most ? `${unitText(most)}: ${formatDays(most.leftDays)} left then` : '–'}
          </td>
          <td data-name="Good data">{quality === null ? '–' : formatPercent(quality)}</td>
        </>
      )}
    </tr>
  );
}
