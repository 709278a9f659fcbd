/** The seasons of all features of a row, taken out of it before it is judged: night and day are no anomaly. */

import { seededRandom } from '../boost/seededRandom.ts';
import { clusterRows, nearestCentre } from '../detect/clusterRows.ts';
import { medianScaling } from '../detect/scaling.ts';
import type { UsableRows } from '../detect/signalTable.ts';
import { type FeatureSeason, seasonAt } from './featureSeason.ts';
import type { LearningRows } from './learningRows.ts';
import { learnSeason } from './learnSeason.ts';
import { MODES, modeCount } from './modeCount.ts';

/** By feature; `undefined` for one that has none. */
export type RowSeasons = readonly (FeatureSeason | undefined)[];

/** Squared correlation from which on features go along with one another. */
const TOGETHER = 0.5;

/**
 * Only of what has a season by itself: where others go along with a feature, or operating modes make its course, that is known of it
 * already, and holds at other times of the day as well.
 */
export function learnRowSeasons(rows: LearningRows, intervalUs: number): RowSeasons {
  const times = rows.times.map((time) => time - intervalUs / 2);
  const alone = rows.columns.map((column, i) => rows.columns.every((other, j) => j === i || !goAlong(column, other)));
  const seasonOf = (column: Float64Array, i: number) => (alone[i] ? learnSeason(times, column, intervalUs) : undefined);
  const seasons = rows.columns.map(seasonOf);
  if (seasons.every((season) => season === undefined)) return seasons;
  const withoutModes = aboutModes(rows);
  return seasons.map((season, i) => season && seasonOf(withoutModes[i], i));
}

/** Of the row whose interval has its middle at `time`; every value is finite. */
export function takeOutSeasons(seasons: RowSeasons, time: number, row: Float64Array): void {
  for (let i = 0; i < row.length; i++) {
    const season = seasons[i];
    if (season) row[i] -= seasonAt(season, time);
  }
}

/** Columns of their own where there is a season. */
export function withoutSeasons(seasons: RowSeasons, { times, columns }: LearningRows, intervalUs: number) {
  return columns.map((column, i) => {
    const season = seasons[i];
    return season ? column.map((value, row) => value - seasonAt(season, times[row] - intervalUs / 2)) : column;
  });
}

function goAlong(one: Float64Array, other: Float64Array): boolean {
  const [a, b] = [one, other].map((column) => column.reduce((sum, value) => sum + value, 0) / column.length);
  let [squares, otherSquares, shared] = [0, 0, 0];
  for (let row = 0; row < one.length; row++) {
    squares += (one[row] - a) ** 2;
    otherSquares += (other[row] - b) ** 2;
    shared += (one[row] - a) * (other[row] - b);
  }
  return shared ** 2 >= TOGETHER * squares * otherSquares;
}

/** The columns about their means in the operating mode of each row. */
function aboutModes({ columns }: LearningRows): readonly Float64Array[] {
  const width = columns.length;
  const count = columns[0].length;
  const values = new Float64Array(count * width);
  for (const [i, column] of columns.entries())
    for (let row = 0; row < count; row++) values[row * width + i] = column[row];
  const rows: UsableRows = { names: [], width, count, values };
  const scaling = medianScaling(rows);
  const options = { ...MODES, mostModes: modeCount(rows, MODES) };
  const centres = clusterRows(rows, scaling, options, seededRandom(MODES.seed));
  const scaled = values.map((value, at) => (value - scaling.centre[at % width]) / scaling.spread[at % width]);
  const modes = columns[0].map((_, row) => nearestCentre(scaled, row * width, centres, width));
  return columns.map((column) => {
    const sums = new Float64Array(centres.length / width);
    const sizes = new Float64Array(sums.length);
    for (const [row, mode] of modes.entries()) {
      sums[mode] += column[row];
      sizes[mode]++;
    }
    return column.map((value, row) => value - sums[modes[row]] / sizes[modes[row]]);
  });
}
