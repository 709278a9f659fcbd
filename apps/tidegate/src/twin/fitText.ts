/** What a fit found, for people: each parameter before and after, how well the model meets history, what to beware of. */

import type { FittedParameter, TwinFit, TwinFits } from './studyAnswers.ts';
import { shortNumber, textTable } from './textTable.ts';

export function formatFits({ fits, confidence }: TwinFits): string {
  return fits.map((fit) => formatFit(fit, confidence)).join('\n');
}

function formatFit({ asset, refused, parameters, residuals, warnings }: TwinFit, confidence: number): string {
  if (refused !== null) return `${asset}: no fit. ${refused}\n`;
  const interval = `${confidence * 100} %`;
  const parameterRows = parameters.map((parameter) => {
    const { name, unit, before, value, low, high } = parameter;
    const range = `${shortNumber(low)} to ${shortNumber(high)}`;
    return [name, shortNumber(before), shortNumber(value), range, unit, changeText(parameter)];
  });
  const residualRows = residuals.map(({ attribute, unit, count, otherMode, notGood, ...spread }) => {
    const { sigmaBefore, sigma, heldOutSigma, explained } = spread;
    const share = explained === null ? '-' : `${(100 * explained).toFixed(1)} %`;
    const left = otherMode + notGood === 0 ? '' : `${otherMode} in other modes, ${notGood} not good`;
    const spreads = [sigmaBefore, sigma, heldOutSigma].map(shortNumber);
    return [attribute, ...spreads, unit, share, String(count), left];
  });
  return [
    `${asset}\n`,
    parameters.length === 0
      ? ''
      : textTable([['parameter', 'before', 'fitted', interval, 'unit', 'change'], ...parameterRows], new Set([1, 2])),
    '\n',
    textTable(
      [['residual', 'sigma before', 'sigma', 'held out', 'unit', 'explained', 'moments', 'left out'], ...residualRows],
      new Set([1, 2, 3, 5, 6]),
    ),
    ...warnings.map((warning) => `! ${warning}\n`),
  ].join('');
}

function changeText({ before, value, low, high, atBound }: FittedParameter): string {
  if (atBound) return 'at the bound of its range';
  if (before === null) return 'new';
  if (before >= low && before <= high) return 'within its interval';
  return before === 0
    ? 'changed'
    : `${value > before ? '+' : ''}${((100 * (value - before)) / Math.abs(before)).toPrecision(3)} %`;
}
