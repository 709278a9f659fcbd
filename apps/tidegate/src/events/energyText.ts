/** Energy against its baseline as people read it. */

import { shortNumber, textTable } from '../twin/textTable.ts';
import type { EnergyAnswer } from './frameAnswers.ts';
import { lengthText, timeText } from './timeText.ts';

export function formatEnergy(energy: EnergyAnswer): string {
  const { name, asset, start, end, unit, driverUnit, baseline, used, expected, ratio, sources } = energy;
  const amount = (value: number) => `${shortNumber(value)} ${unit}`.trimEnd();
  const perUnit = `${unit}${driverUnit === '' ? ' for each unit' : `/${driverUnit}`}`;
  const facts = [
    ['  used', amount(used)],
    ['  expected', amount(expected)],
    [used <= expected ? '  saved' : '  more than expected', amount(Math.abs(expected - used))],
    ['  used of expected', ratio === null ? '-' : `${(100 * ratio).toFixed(1)} %`],
    ['  each unit', `${shortNumber(energy.perUnit)} ${perUnit}, expected ${shortNumber(energy.expectedPerUnit)}`],
  ];
  const terms = baseline.terms.map(({ name: term, coefficient, halfWidth }) => [
    ...[`  ${term}`, shortNumber(coefficient), `+- ${shortNumber(halfWidth)}`],
  ]);
  return [
    `${name} of ${asset.path}, ${timeText(start)} to ${timeText(end)}, by ${lengthText(energy.intervalSeconds)}\n`,
    textTable(facts),
    `\nbaseline of ${timeText(baseline.start)} to ${timeText(baseline.end)}: ${baseline.intervals} intervals, `,
    `R2 ${baseline.r2.toFixed(3)}, CV(RMSE) ${(100 * baseline.cvRmse).toFixed(1)} %\n`,
    textTable(terms, new Set([1])),
    `\nfrom ${sources.map(({ path, measure }) => `${path} (${measure})`).join(', ')}\n`,
  ].join('');
}
