/** Cases that began together, under the most urgent of them: a power dip must not bury what else degrades. */

import type { HealthCase } from '@tidegate/platform/northbound/contract/healthCase.ts';

export interface CaseGroup {
  /** The first of them in the order of the list, or a case that began alone. */
  readonly first: HealthCase;
  readonly others: readonly HealthCase[];
}

/** In the order of the list. */
export function caseGroups(cases: readonly HealthCase[]): CaseGroup[] {
  const groups = Map.groupBy(cases, ({ number, group }) => group?.first ?? -number);
  return [...groups.values()].map(([first, ...others]) => ({ first, others }));
}
