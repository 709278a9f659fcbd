/** What each attribute is beside what it should be, and how many sigmas lie between. */

import type { Twin } from '@tidegate/platform/northbound/contract/twin.ts';
import { formatNumber } from '../reading/number.ts';
import { NO_VALUE } from '../reading/readValue.ts';
import { formatUnit } from '../reading/unit.ts';
import { SigmaMark } from './SigmaMark.tsx';

interface ComparisonTableProps {
  readonly twin: Twin;
  readonly chosen: string | undefined;
  readonly onChoose: (attribute: string) => void;
}

const number = (value: number | null) => (value === null ? NO_VALUE : formatNumber(value));

export function ComparisonTable({ twin: { comparisons, attributes, mode }, chosen, onChoose }: ComparisonTableProps) {
  if (comparisons.length === 0) return <p className="quiet-note">The model expects nothing of any attribute.</p>;
  const units = new Map(attributes.map(({ name, unit }) => [name, unit]));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable without a pointer
    <section className="figures-table stacking" aria-label="Actual against expected" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">Attribute</th>
            <th scope="col" className="number">
              Actual
            </th>
            <th scope="col" className="number">
              Expected
            </th>
            <th scope="col" className="number">
              Residual
            </th>
            <th scope="col">Unit</th>
            <th scope="col" title="The residual over the sigma of a sound asset; beyond 3 is unusual">
              Sigmas now
            </th>
            <th scope="col" title="Root of the mean square over the window of the twin">
              of late
            </th>
            <th scope="col">
              <span className="visually-hidden">Plot</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {comparisons.map(({ attribute, formula, modes, actual, expected, residual, sigmas, recentSigmas }) => (
            <tr key={attribute}>
              <th scope="row" title={`should be ${formula}`}>
                {attribute}
                {modes !== null && mode !== null && !modes.includes(mode) && (
                  <span className="card-note below">compared while {modes.join(' or ')}</span>
                )}
              </th>
              <td className="number" data-name="Actual">
                {number(actual)}
              </td>
              <td className="number" data-name="Expected">
                {number(expected)}
              </td>
              <td className="number" data-name="Residual">
                {number(residual)}
              </td>
              <td data-name="Unit">{formatUnit(units.get(attribute) ?? '')}</td>
              <td data-name="Sigmas now">
                <SigmaMark sigmas={sigmas} />
              </td>
              <td data-name="of late">
                <SigmaMark sigmas={recentSigmas} />
              </td>
              <td>
                <button type="button" aria-pressed={attribute === chosen} onClick={() => onChoose(attribute)}>
                  Plot<span className="visually-hidden"> {attribute}</span>
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
