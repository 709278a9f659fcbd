/** Scores of normal rows by detectors that did not learn from them, which scores of the learnt rows would flatter. */

import { type Result, success } from '@tidegate/core/fault/fault.ts';
import type { LearnDetector } from './detector.ts';
import { type SignalTable, tableSlice } from './signalTable.ts';

/** Thirds: the way from one to the next is as long as the way from what was learnt to what is yet to come. */
const BLOCKS = 3;

/**
 * Leaves out one of three blocks in turn, learns from the others and scores it. Blocks and not single rows, as rows beside each
 * other are alike. A column that varies in no other block makes the block's scores NaN rather than the whole a fault.
 */
export function scoresOfLeftOutBlocks(table: SignalTable, learn: LearnDetector): Result<Float64Array> {
  const rowCount = table.columns[0].length;
  const scores = new Float64Array(rowCount).fill(Number.NaN);
  for (let block = 0; block < BLOCKS; block++) {
    const from = Math.floor((block * rowCount) / BLOCKS);
    const to = Math.floor(((block + 1) * rowCount) / BLOCKS);
    const learned = learn(withGap(table, from, to));
    if (learned.ok) scores.set(learned.value.score(tableSlice(table, from, to).columns), from);
  }
  return success(scores);
}

/** The table with NaN in the rows left out, so that no detector takes the rows before and after for neighbours. */
function withGap(table: SignalTable, from: number, to: number): SignalTable {
  const columns = table.columns.map((column) => Float64Array.from(column).fill(Number.NaN, from, to));
  return { names: table.names, columns };
}
