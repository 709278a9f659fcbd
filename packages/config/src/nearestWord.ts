/** Finds the word that was probably meant: the hint beside a misspelt key or value. */

/** Fewer letters begin too many words. */
const MIN_BEGINNING = 3;

/**
 * The candidate nearest to `word` by edit distance, letter case aside, or the only one that begins with it; `undefined`
 * where none is near enough to be meant.
 */
export function nearestWord(word: string, candidates: readonly string[]): string | undefined {
  const sought = word.toLowerCase();
  let nearest: string | undefined;
  // A word of up to five letters may have one or two wrong; a longer one a third of its letters.
  let limit = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) >= limit) continue;
    const distance = editDistance(sought, candidate.toLowerCase());
    if (distance < limit && distance < Math.max(word.length, candidate.length)) {
      nearest = candidate;
      limit = distance;
    }
  }
  return nearest ?? onlyBeginning(sought, candidates);
}

function onlyBeginning(sought: string, candidates: readonly string[]): string | undefined {
  if (sought.length < MIN_BEGINNING) return undefined;
  const found = candidates.filter((candidate) => candidate.toLowerCase().startsWith(sought));
  return found.length === 1 ? found[0] : undefined;
}

/**
 * The least number of letters inserted, left out, replaced or swapped with their neighbour that turns `a` into `b`
 * (optimal string alignment distance).
 */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const replaced = last[column - 1] + (a[row - 1] === b[column - 1] ? 0 : 1);
      let least = Math.min(replaced, last[column] + 1, current[column - 1] + 1);
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) least = Math.min(least, beforeLast[column - 2] + 1);
      current.push(least);
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length];
}
