/** Overall equipment effectiveness as people read it: the factors, and where the time went. */

import { shortNumber, textTable } from '../twin/textTable.ts';
import type { OeeAnswer, OeeFigures } from './frameAnswers.ts';
import { lengthText, timeText } from './timeText.ts';

const BAR_WIDTH = 30;
const NUMBERS = new Set([1, 2, 3, 4, 5]);

export function formatOee(oee: OeeAnswer): string {
  const { asset, start, end, plannedSeconds, sources } = oee;
  const heading = ['from', 'OEE', 'availability', 'performance', 'quality', 'made'];
  const rows = [oee, ...oee.intervals].map((figures, at) => [
    at === 0 ? 'the whole time' : timeText(figures.start),
    ...[figures.oee, figures.availability, figures.performance].map(percentText),
    figures.qualityMeasured ? percentText(figures.quality) : 'not measured',
    `${shortNumber(figures.pieces)} ${figures.unit}`.trimEnd(),
  ]);
  const parts = [
    `${asset.path}, ${timeText(start)} to ${timeText(end)}\n\n`,
    textTable([heading, ...rows], NUMBERS),
    `\nwhere ${lengthText(plannedSeconds)} of planned time went\n${waterfall(oee)}`,
    `\ntime in states of PackML\n${states(oee)}`,
    `\nfrom ${sources.map(({ path }) => path).join(', ')}\n`,
  ];
  return parts.join('');
}

function waterfall({ plannedSeconds, losses }: OeeFigures): string {
  const bar = (from: number, to: number) => {
    const [left, right] = [from, to].map((seconds) =>
      Math.max(0, Math.min(BAR_WIDTH, Math.round((BAR_WIDTH * seconds) / Math.max(1, plannedSeconds)))),
    );
    return `${' '.repeat(Math.min(left, right))}${'#'.repeat(Math.abs(right - left))}`;
  };
  const good = losses.at(-1)?.remainingSeconds ?? plannedSeconds;
  const rows = [
    ...losses.map(({ kind, what, seconds, remainingSeconds }) => [
      ...[`  ${kind}`, what, lengthText(seconds), bar(remainingSeconds, remainingSeconds + seconds)],
    ]),
    ['  left', 'good pieces at the ideal speed', lengthText(good), bar(0, good)],
  ];
  return textTable(rows, new Set([2]));
}

function states({ states: spent, plannedStopSeconds, unknownSeconds }: OeeFigures): string {
  const rows = spent.map(({ state, category, seconds }) => [`  ${state}`, category, lengthText(seconds)]);
  const others = `  planned stops ${lengthText(plannedStopSeconds)}, nothing known ${lengthText(unknownSeconds)}\n`;
  return `${rows.length > 0 ? textTable(rows, new Set([2])) : ''}${others}`;
}

function percentText(ratio: number | null): string {
  return ratio === null ? '-' : `${(100 * ratio).toFixed(1)} %`;
}
