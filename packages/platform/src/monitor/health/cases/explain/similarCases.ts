/** Earlier cases that looked like this one, with what was found then. */

import type { CaseReasons, CaseSign, HealthCase } from '../healthCase.ts';
import { directionOf } from './caseSigns.ts';

const LEAST_LIKENESS = 0.5;
const MOST_CASES = 3;

/** Of those with a finding, the most alike first; on the same likeness the newest. */
export function similarCases(signs: readonly CaseSign[], earlier: readonly HealthCase[]): CaseReasons['similar'] {
  return earlier
    .flatMap(({ number, finding, reasons }) =>
      finding ? [{ number, likeness: likenessOf(signs, reasons.signs), outcome: finding.outcome }] : [],
    )
    .filter(({ likeness }) => likeness >= LEAST_LIKENESS)
    .sort((a, b) => b.likeness - a.likeness || b.number - a.number)
    .slice(0, MOST_CASES);
}

/** Whether it is known of any of these where it goes: without that they are like nothing. */
export function tellsDirection(signs: readonly CaseSign[]): boolean {
  return signs.some((sign) => directionOf(sign) !== 0);
}

/**
 * Cosine of the angle between two sets of signs, 0 to 1: each feature is a direction, its length is 1 where it is proven and else its
 * share, with the sign of where it goes. Signs that go against one another have no likeness.
 */
export function likenessOf(a: readonly CaseSign[], b: readonly CaseSign[]): number {
  const lengthOf = (sign: CaseSign) => (sign.proven ? 1 : sign.share) * directionOf(sign);
  const others = new Map(b.map((sign) => [sign.feature, lengthOf(sign)]));
  const product = a.reduce((sum, sign) => sum + lengthOf(sign) * (others.get(sign.feature) ?? 0), 0);
  const norm = (signs: readonly CaseSign[]) => Math.hypot(...signs.map(lengthOf));
  const both = norm(a) * norm(b);
  return both > 0 ? Math.min(1, Math.max(0, product / both)) : 0;
}
