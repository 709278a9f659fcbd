/** Size against error as a picture of characters. */

import type { TuningRow } from './tuning.ts';

const WIDTH = 60;
const HEIGHT = 12;

/** Lines of text; `share` says how much of the history a row keeps, from 0 to 1, and `label` how an error is written. */
export function tradeoffPlot(
  rows: readonly TuningRow[],
  share: (row: TuningRow) => number,
  label: (error: number) => string,
): string[] {
  const maxError = Math.max(...rows.map((row) => row.maxError));
  const maxShare = Math.max(...rows.map(share));
  const cells = Array.from({ length: HEIGHT }, () => new Array<string>(WIDTH).fill(' '));
  const rank = (row: TuningRow) => Number(row.isFrontier) + 2 * Number(row.isKnee);
  // The later covers the earlier.
  for (const row of rows.toSorted((a, b) => rank(a) - rank(b))) {
    const column = maxError === 0 ? 0 : Math.round((row.maxError / maxError) * (WIDTH - 1));
    const line = HEIGHT - 1 - Math.round((share(row) / maxShare) * (HEIGHT - 1));
    cells[line][column] = row.isKnee ? 'K' : row.isFrontier ? 'o' : '.';
  }
  const top = `${(100 * maxShare).toFixed(1)} %`;
  const margin = Math.max(top.length, 3);
  const sides = cells.map((_, line) => (line === 0 ? top : line === HEIGHT - 1 ? '0 %' : '').padStart(margin));
  const right = label(maxError);
  return [
    ...cells.map((line, at) => `${sides[at]} |${line.join('')}`.trimEnd()),
    `${' '.repeat(margin)} +${'-'.repeat(WIDTH)}`,
    `${' '.repeat(margin + 2)}0${'greatest error'.padStart((WIDTH + 14) >> 1).padEnd(WIDTH - 1 - right.length)}${right}`,
  ];
}
