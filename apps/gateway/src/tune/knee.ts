/** Where more error stops to buy much less size. */

/** A result, by what it costs and what it loses. */
export interface Tradeoff {
  readonly stored: number;
  readonly maxError: number;
}

/** Those that no other beats in both, from the greatest size to the greatest error. */
export function frontierOf<T extends Tradeoff>(results: readonly T[]): T[] {
  const ordered = results.toSorted((a, b) => a.maxError - b.maxError || a.stored - b.stored);
  const frontier: T[] = [];
  for (const each of ordered) {
    if (frontier.length === 0 || each.stored < frontier[frontier.length - 1].stored) frontier.push(each);
  }
  return frontier;
}

/**
 * The one that lies farthest below the straight line from everything kept without an error to nothing kept with the greatest
 * error of all, both axes from 0 to 1 (V. Satopää et al., "Finding a Kneedle in a Haystack", 2011, with fixed ends, so that
 * it is found also where the greatest error buys nothing). `samples` is how many everything is. `undefined` where none does.
 */
export function kneeOf<T extends Tradeoff>(results: readonly T[], samples: number): T | undefined {
  const worst = Math.max(...results.map(({ maxError }) => maxError));
  const below = ({ stored, maxError }: T) => 1 - stored / samples - (worst === 0 ? 0 : maxError / worst);
  const candidates = frontierOf(results).filter((each) => below(each) > 0);
  return candidates.length === 0
    ? undefined
    : candidates.reduce((best, each) => (below(each) > below(best) ? each : best));
}
