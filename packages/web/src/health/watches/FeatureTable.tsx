/** The features of a watch: what each is, how it stands against its normal, and the least shift that would be told. */

import type { HealthWatchDetail } from '@tidegate/platform/northbound/contract/healthWatch.ts';
import { dayText, spoken } from '../cases/caseWords.ts';
import { LifeMark } from '../LifeMark.tsx';
import { formatQuantity, spokenUnit } from '../quantity.ts';
import { leastDriftText } from './leastDrift.ts';

export function FeatureTable({ watch }: { readonly watch: HealthWatchDetail }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable without a pointer
    <section className="figures-table stacking" aria-label="Features" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">Feature</th>
            {['Now', 'Normal', 'Least shift told', 'Limit'].map((name) => (
              <th key={name} scope="col" className="number">
                {name}
              </th>
            ))}
            <th scope="col">Drift</th>
            <th scope="col">Left</th>
          </tr>
        </thead>
        <tbody>
          {watch.features.map((feature) => (
            <FeatureRow key={feature.name} watch={watch} feature={feature} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface FeatureRowProps {
  readonly watch: HealthWatchDetail;
  readonly feature: HealthWatchDetail['features'][number];
}

function FeatureRow({ watch, feature }: FeatureRowProps) {
  const { name, value, level, normal, limit, life, noLife } = feature;
  const definition = watch.definitions.find((one) => one.name === name);
  const unit = spokenUnit(feature.unit, [value, level, normal]);
  return (
    <tr>
      <th scope="row">
        {spoken(name)}
        <span className="alarm-place">
          {definition?.measure} of <code>{definition?.of}</code>
        </span>
      </th>
      <td data-name="Now" className="number">
        {formatQuantity(level ?? value, unit)}
      </td>
      <td data-name="Normal" className="number">
        {formatQuantity(normal, unit)}
      </td>
      <td data-name="Least shift told" className="number">
        {leastDriftText(watch, name)}
      </td>
      <td data-name="Limit" className="number">
        {limit ? `${limit.side === 'high' ? '≤' : '≥'} ${formatQuantity(limit.at, unit)}` : '–'}
      </td>
      <td data-name="Drift" className="patterns">
        {definition?.leftOut ? 'not watched' : driftText(feature)}
      </td>
      <td data-name="Left" className="patterns">
        {definition?.leftOut ? '–' : <LifeMark life={life} noLife={noLife} />}
      </td>
    </tr>
  );
}

/** `since 2026-01-03, 40 % of what would prove it`; a step is told as what it is. */
function driftText({ evidence, since, step, unit }: HealthWatchDetail['features'][number]): string {
  if (step) {
    const spokenAs = spokenUnit(unit, [step.from, step.to]);
    const change = `at once from ${formatQuantity(step.from, spokenAs)} to ${formatQuantity(step.to, spokenAs)}`;
    return `${change} on ${dayText(step.at)}${step.conversion === null ? '' : `: ${step.conversion}`}`;
  }
  if (evidence === null) return '–';
  const proof = evidence >= 1 ? 'proven' : `${Math.round(Math.max(0, evidence) * 100)} % of what would prove it`;
  return since === null ? proof : `since ${dayText(since)}, ${proof}`;
}
