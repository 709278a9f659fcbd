/** A what-if run for people: a chart of each attribute, the figures at a few moments, and the run against what happened. */

import { formatTimestamp, type Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { WhatIf, WhatIfSeries } from './studyAnswers.ts';
import { shortNumber, textTable } from './textTable.ts';

const CHART_WIDTH = 72;
const CHART_HEIGHT = 10;
const TABLE_ROWS = 9;
/** What is drawn later covers what was drawn before. */
const MARKS = [
  ['unchanged', '.'],
  ['actual', 'o'],
  ['expected', '*'],
] as const;

export function formatWhatIf(run: WhatIf): string {
  const parts = run.series.map((series) => formatSeries(run, series));
  const assumptions = run.assumptions.map((assumption) => `! ${assumption}\n`).join('');
  return `${run.asset}\n\n${parts.join('\n')}${assumptions}`;
}

function formatSeries(run: WhatIf, series: WhatIfSeries): string {
  const { attribute, unit, comparison } = series;
  const compared = comparison
    ? `Against what happened, over ${comparison.count} moments: ${shortNumber(comparison.bias)} on the mean, deviation ` +
      `${shortNumber(comparison.deviation)}${unitText(unit)}, ${Math.round(100 * comparison.withinBand)} % within the band.\n`
    : '';
  const legend = `${attribute}${unitText(unit)}   * expected  . without the changes  o what happened\n`;
  return `${legend}${chart(series)}\n${table(run, series)}${compared}`;
}

/** Columns of characters, each the mean of the moments that it stands for. */
function chart(series: WhatIfSeries): string {
  const known = MARKS.flatMap(([name]) => series[name].filter((value) => value !== null));
  if (known.length === 0) return '  nothing is expected here\n';
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const height = high > low ? CHART_HEIGHT : 1;
  const count = series.expected.length;
  const width = Math.min(CHART_WIDTH, count);
  const grid = Array.from({ length: height }, () => new Array<string>(width).fill(' '));
  for (const [name, mark] of MARKS) {
    for (let column = 0; column < width; column++) {
      const [from, to] = [column, column + 1].map((at) => Math.floor((at * count) / width));
      const values = series[name].slice(from, to).filter((value) => value !== null);
      if (values.length === 0) continue;
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const level = high > low ? Math.round(((mean - low) / (high - low)) * (height - 1)) : 0;
      grid[height - 1 - level][column] = mark;
    }
  }
  const labels = grid.map((_, row) => (row === 0 ? shortNumber(high) : row === height - 1 ? shortNumber(low) : ''));
  const labelWidth = Math.max(...labels.map((label) => label.length));
  return grid.map((row, at) => `${labels[at].padStart(labelWidth)} |${row.join('').trimEnd()}\n`).join('');
}

function table({ times }: WhatIf, series: WhatIfSeries): string {
  const last = times.length - 1;
  const rows = Math.min(TABLE_ROWS, times.length);
  const chosen = Array.from({ length: rows }, (_, row) => (rows === 1 ? 0 : Math.round((row * last) / (rows - 1))));
  const lines = chosen.map((at) => {
    const { expected, low, high, unchanged, actual } = series;
    const band = low[at] === null ? '-' : `${shortNumber(low[at])} to ${shortNumber(high[at])}`;
    const moment = formatTimestamp(times[at] as Timestamp).slice(0, 19);
    return [`${moment}Z`, shortNumber(expected[at]), band, shortNumber(unchanged[at]), shortNumber(actual[at] ?? null)];
  });
  return textTable([['time', 'expected', 'band', 'unchanged', 'actual'], ...lines], new Set([1, 3, 4]));
}

function unitText(unit: string): string {
  return unit === '' ? '' : ` ${unit}`;
}
