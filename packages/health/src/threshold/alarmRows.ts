/** The rows in which an alarm is raised: one for each episode, however often its scores cross the threshold. */

/**
 * After an alarm none is raised for `restShare` of the rows seen until then, so that the longer the past, the fewer alarms it
 * may give in proportion. `fromRow` is the first row that may raise one; a score that is NaN raises none at all.
 */
export function alarmRows(scores: Float64Array, threshold: number, restShare: number, fromRow = 0): number[] {
  const rows: number[] = [];
  let restUntil = fromRow;
  for (let row = fromRow; row < scores.length; row++) {
    if (!(scores[row] > threshold) || row < restUntil) continue;
    rows.push(row);
    restUntil = row + restShare * row;
  }
  return rows;
}
