/** Finds rows of a learning time that are no operation: a reading that went wrong once would make all that comes later look normal. */

import { scoresOfLeftOutBlocks } from '../detect/leftOutBlocks.ts';
import { learnNearestNeighbours } from '../detect/nearestNeighbours.ts';
import type { SignalTable } from '../detect/signalTable.ts';
import { STRANGE_ROWS } from './rowThreshold.ts';

/** One row in a hundred is further from all others than this, and that is usual. */
const USUAL = 0.99;
/** Too few rows in line to be an alarm are no loss: those that are so many times as far and came once or twice are left out. */
const LONE = 3;
/** No operation takes an equipment so far: readings that went wrong may come often, and for longer once or twice. */
const GROSS = 50;
const MOST_TIMES = 2;
const REFERENCES = 500;

/**
 * Places of rows that are to be left out, ascending. A row of NaN stands for each gap. How far a row is, is judged by rows of other
 * parts of the time, with robust scales: neither the row itself nor others like it speak for it.
 */
export function strayRows(table: SignalTable): readonly number[] {
  const scores = scoresOfLeftOutBlocks(table, (rows) => learnNearestNeighbours(rows, { references: REFERENCES }));
  if (!scores.ok) return [];
  const sorted = scores.value.filter(Number.isFinite).sort();
  const usual = sorted[Math.floor(sorted.length * USUAL)];
  if (!(usual > 0)) return [];
  const lone = runsAbove(scores.value, LONE * usual).filter(isLone);
  const gross = runsAbove(scores.value, GROSS * usual);
  const long = gross.filter((run) => !isLone(run));
  const strays = [
    ...gross.filter(isLone),
    ...(lone.length <= MOST_TIMES ? lone : []),
    ...(long.length <= MOST_TIMES ? long : []),
  ];
  return [...new Set(strays.flat())].sort((a, b) => a - b);
}

function isLone(run: readonly number[]): boolean {
  return run.length < STRANGE_ROWS;
}

/** Rows in line whose scores are above. */
function runsAbove(scores: Float64Array, bar: number): number[][] {
  const runs: number[][] = [];
  for (let row = 0; row < scores.length; row++) {
    if (!(scores[row] > bar)) continue;
    if (row > 0 && scores[row - 1] > bar) runs[runs.length - 1].push(row);
    else runs.push([row]);
  }
  return runs;
}
