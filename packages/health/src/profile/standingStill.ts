/** What stands still in an operating mode, as values of a pump that is off: how still is not known, only that it did. */

import { seededRandom } from '../boost/seededRandom.ts';
import type { SignalTable } from '../detect/signalTable.ts';

/** Of the deviation in all modes: nobody says that it will go on to stand so exactly. */
const STANDING_SHARE = 0.01;

export function deviationWhileStanding(overall: number): number {
  return STANDING_SHARE * overall;
}

/** The rows of a mode with such a deviation in place of none; `overall` is that of each signal in all modes. NaN stays. */
export function stirredWhereStanding({ names, columns }: SignalTable, overall: readonly number[]): SignalTable {
  const random = seededRandom(1);
  const stirred = columns.map((column, i) => {
    const first = column.find(Number.isFinite);
    if (column.some((value) => Number.isFinite(value) && value !== first)) return column;
    // Of two uniform numbers less 1 the variance is 1/6.
    const scale = deviationWhileStanding(overall[i]) * Math.sqrt(6);
    return column.map((value) => value + scale * (random() + random() - 1));
  });
  return { names, columns: stirred };
}
