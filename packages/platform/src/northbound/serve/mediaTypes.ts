/** Which of the forms that there are a client wants (RFC 9110, 12.5). */

interface Preference {
  readonly name: string;
  readonly weight: number;
}

/**
 * Of `offered`, in the server's own order, the one that the field value likes best; `undefined` where it wants none of them.
 * A more specific range counts before a wider one, so that `text/csv;q=0, *` leaves CSV out.
 */
export function preferred<T extends string>(field: string | undefined, offered: readonly T[]): T | undefined {
  if (field === undefined || field.trim() === '') return offered[0];
  const preferences = parse(field);
  let best: T | undefined;
  let bestWeight = 0;
  for (const name of offered) {
    const weight = weightOf(name, preferences);
    if (weight <= bestWeight) continue;
    best = name;
    bestWeight = weight;
  }
  return best;
}

function parse(field: string): Preference[] {
  return field.split(',').map((part) => {
    const [name, ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
    const q = parameters.find((parameter) => parameter.startsWith('q='));
    const weight = q === undefined ? 1 : Number(q.slice(2));
    return { name, weight: Number.isFinite(weight) ? Math.min(1, Math.max(0, weight)) : 0 };
  });
}

function weightOf(name: string, preferences: readonly Preference[]): number {
  const ranges = [name, `${name.split('/')[0]}/*`, '*/*', '*'];
  for (const range of ranges) {
    const found = preferences.find((preference) => preference.name === range);
    if (found) return found.weight;
  }
  return 0;
}
