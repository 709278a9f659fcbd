/** The rows in which an alarm is raised: one for each episode, however often its scores cross the threshold. */

/** After an alarm the next `restRows` rows raise none; a score that is NaN raises none at all. */
export function alarmRows(scores: Float64Array, threshold: number, restRows: number, fromRow = 0): number[] {
  const rows: number[] = [];
  let restUntil = fromRow;
  for (let row = fromRow; row < scores.length; row++) {
    if (!(scores[row] > threshold) || row < restUntil) continue;
    rows.push(row);
    restUntil = row + restRows;
  }
  return rows;
}
