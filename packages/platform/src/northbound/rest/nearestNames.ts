/** The names that come near to one that was not found: a typing error should cost one glance, not a search. */

const MOST_SUGGESTIONS = 3;
/** Below this share of common letter pairs two names have nothing to do with each other. */
const LEAST_LIKENESS = 0.3;

/**
 * The most alike first, letter case aside. Likeness is the Dice coefficient of letter pairs: linear in the length of the
 * names, so that ten thousand tags are gone through in milliseconds, and indifferent to segments that are missing.
 */
export function nearestNames(sought: string, candidates: Iterable<string>): string[] {
  const pairs = pairCounts(sought.toLowerCase());
  const likely: { name: string; likeness: number }[] = [];
  for (const name of candidates) {
    const likeness = likenessTo(pairs, sought.length, name.toLowerCase());
    if (likeness < LEAST_LIKENESS) continue;
    likely.push({ name, likeness });
  }
  likely.sort((a, b) => b.likeness - a.likeness || (a.name < b.name ? -1 : 1));
  return likely.slice(0, MOST_SUGGESTIONS).map((entry) => entry.name);
}

function likenessTo(pairs: ReadonlyMap<string, number>, soughtLength: number, name: string): number {
  const left = new Map(pairs);
  let common = 0;
  for (let at = 0; at + 1 < name.length; at++) {
    const pair = name.slice(at, at + 2);
    const count = left.get(pair) ?? 0;
    if (count === 0) continue;
    left.set(pair, count - 1);
    common++;
  }
  const total = Math.max(0, soughtLength - 1) + Math.max(0, name.length - 1);
  return total === 0 ? 0 : (2 * common) / total;
}

function pairCounts(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (let at = 0; at + 1 < text.length; at++) {
    const pair = text.slice(at, at + 2);
    counts.set(pair, (counts.get(pair) ?? 0) + 1);
  }
  return counts;
}
