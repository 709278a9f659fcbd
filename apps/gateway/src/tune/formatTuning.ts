/** What `tune` found, for people: a table, a picture, and what to write into the tag list. */

import { alignedColumns } from '../alignedColumns.ts';
import { tradeoffPlot } from './tradeoffPlot.ts';
import type { Tuning, TuningRow } from './tuning.ts';

const HEAD = ['deviation', '', 'compression', '', 'stored', 'of all', 'bytes', 'max error', '', 'RMS error', ''];
const US_PER_S = 1_000_000;

export function formatTuning(tuning: Tuning): string {
  const { history, rows } = tuning;
  const { path, unit, samples, span } = history;
  const inUnit = (value: number) => `${figure(value)}${unit === '' ? '' : ` ${unit}`}`;
  const share = (row: TuningRow) => row.stored / samples.count;
  const shown = rows.filter((row, at) => isNews(row, rows.slice(0, at)));
  const table = alignedColumns([HEAD, ...shown.map((row) => cellsOf(row, share(row), span))]);
  const lines = [
    `${path}: ${count(samples.count)} samples, a span of ${inUnit(span)}${history.isSpanOfTag ? '' : ' in this range (the tag has no low and high)'}`,
    '',
    ...table,
    ...(shown.length < rows.length ? ['Settings that leave the same as finer ones are not shown.'] : []),
    '',
    ...tradeoffPlot(rows, share, inUnit),
    '',
    ...notesOf(tuning),
  ];
  return `${lines.join('\n')}\n`;
}

/** A row that leaves the same as a finer one before it tells nothing. */
function isNews(row: TuningRow, before: readonly TuningRow[]): boolean {
  return !before.some(({ stored, maxError }) => stored === row.stored && maxError === row.maxError);
}

function cellsOf(row: TuningRow, share: number, span: number): string[] {
  const { step, deviation, compression, stored, bytes, maxError, rmsError, isKnee } = row;
  const door = compression === undefined ? ['off', ''] : [figure(compression), percent(step.compression!)];
  return [
    ...[figure(deviation), percent(step.deviation), ...door],
    ...[count(stored), percent(share, 1), count(bytes)],
    ...[figure(maxError), percent(maxError / span), figure(rmsError), isKnee ? '<- knee' : ''],
  ];
}

function notesOf({ history, rows, gaps }: Tuning): string[] {
  const { samples, isSpanOfTag, lane, stepped } = history;
  const notes: string[] = [];
  const knee = rows.find(({ isKnee }) => isKnee);
  if (knee) {
    const written = (share: number, value: number) =>
      isSpanOfTag && value > 0 ? percent(share).replace(' ', '') : figure(value);
    const door = knee.compression === undefined ? undefined : written(knee.step.compression!, knee.compression);
    const words = [`deviation ${written(knee.step.deviation, knee.deviation)}`];
    if (door !== undefined) words.push(`compression_deviation ${door}`);
    notes.push(
      `K is the knee: ${words.join(', ')} keeps ${percent(knee.stored / samples.count, 1)} of the samples, and no number is`,
      `farther than ${figure(knee.maxError)} from the ${stepped ? 'steps' : 'line'}. What is right depends on who uses the values: choose a row.`,
    );
  } else notes.push('There is no knee: what is left falls no faster than the error grows.');
  if (lane === 'operational')
    notes.push('The tag is of the operational lane, which compression would hold up: it is not tried.');
  else if (stepped)
    notes.push('The tag is stepped, and no line is drawn through its values: compression is not tried.');
  if (gaps) {
    const interval = `${figure(gaps.intervalUs / US_PER_S)} s`;
    notes.push(
      `This history is thinned out already: a sample every ${interval} would be ${count(gaps.expected)}. What the gateway left out is not`,
      'here, so a row tells what would be left of the rest, and its error is measured against the rest.',
    );
  }
  return notes;
}

/** Four digits tell enough. */
function figure(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

function percent(share: number, digits?: number): string {
  return `${digits === undefined ? figure(share * 100) : (share * 100).toFixed(digits)} %`;
}
