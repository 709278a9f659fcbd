/** Brings samples that arrived out of order into order of time; what ascends already is taken as it is, whole runs at once. */

/**
 * The rows of `times`, of which the first `count` are in use, by time; rows of equal time keep their order. `undefined` where
 * they stand in order already. A merge sort of the runs that ascend: what arrived late is mostly a few long runs.
 */
export function timeOrder(times: Float64Array, count: number): Uint32Array | undefined {
  let bounds = [0];
  for (let row = 1; row < count; row++) if (times[row] < times[row - 1]) bounds.push(row);
  if (bounds.length === 1) return undefined;
  bounds.push(count);
  let [from, to] = [makeOrder(times.slice(0, count)), makeOrder(new Float64Array(count))];
  while (bounds.length > 2) {
    const joined = [0];
    for (let at = 0; at + 1 < bounds.length; at += 2) {
      const end = bounds[Math.min(at + 2, bounds.length - 1)];
      mergeNeighbours(from, to, bounds[at], bounds[at + 1], end);
      joined.push(end);
    }
    [from, to, bounds] = [to, from, joined];
  }
  return from.rows;
}

/** Times, and the row that each of them came from. */
interface Order {
  readonly times: Float64Array;
  readonly rows: Uint32Array;
}

function makeOrder(times: Float64Array): Order {
  const rows = new Uint32Array(times.length);
  for (let row = 0; row < rows.length; row++) rows[row] = row;
  return { times, rows };
}

/** What ascends from `start` to before `middle` and from there to before `end` of `from` ascends as a whole in `to`. */
function mergeNeighbours(from: Order, to: Order, start: number, middle: number, end: number): void {
  let [left, right] = [start, middle];
  for (let at = start; at < end; at++) {
    const isLeft = right === end || (left < middle && from.times[left] <= from.times[right]);
    const row = isLeft ? left++ : right++;
    to.times[at] = from.times[row];
    to.rows[at] = from.rows[row];
  }
}
