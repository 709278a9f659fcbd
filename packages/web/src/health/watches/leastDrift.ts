/** The least lasting shift of a feature that its model would tell. */

import type { HealthWatchDetail } from '@tidegate/platform/northbound/contract/healthWatch.ts';
import { formatQuantity, spokenUnit } from '../quantity.ts';

/** A dash where none can be told: the report lists those that were learned alone. */
export function leastDriftText(
  { report, definitions }: Pick<HealthWatchDetail, 'report' | 'definitions'>,
  feature: string,
): string {
  const learned = definitions.filter(({ leftOut }) => !leftOut);
  const place = learned.findIndex(({ name }) => name === feature);
  const least = place < 0 ? null : report?.leastDrifts[place];
  return formatQuantity(least, spokenUnit(learned[place]?.unit ?? '', [least]));
}
