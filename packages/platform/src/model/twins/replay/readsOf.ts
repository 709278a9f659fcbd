/** What the formulas of a twin name, directly and by way of its states. */

import type { TwinExpected, TwinTemplate } from '../twinTemplate.ts';

/** The names that a formula reads, those that its states read included. */
export function readsOf(template: TwinTemplate, { formula }: Pick<TwinExpected, 'formula'>): readonly string[] {
  const names = new Set<string>();
  const queue = [...formula.expression.tags];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (names.has(name)) continue;
    names.add(name);
    const state = template.states.get(name);
    if (state) queue.push(...state.initial.expression.tags, ...state.rate.expression.tags);
  }
  return [...names];
}
