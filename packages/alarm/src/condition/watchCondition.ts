/** Makes what follows a condition of any kind. */

import { type Condition, isOneOf, LIMIT_KINDS, RATE_KINDS } from './condition.ts';
import { ConditionWatch } from './conditionWatch.ts';
import type { Criterion } from './criterion.ts';
import { DeviationCriterion } from './deviationCriterion.ts';
import { LimitCriterion } from './limitCriterion.ts';
import { RateCriterion } from './rateCriterion.ts';
import { StaleWatch } from './staleWatch.ts';
import { BadQualityCriterion, DiscrepancyCriterion, DiscreteCriterion } from './stateCriteria.ts';
import { StatisticalCriterion } from './statisticalCriterion.ts';
import type { ChangeListener, Watch, WatchDelays, WatchStart } from './watch.ts';

/** The delays do nothing where the condition is stale data, which has a time of its own. */
export function watchCondition(
  condition: Condition,
  delays: WatchDelays,
  start: WatchStart,
  onChange: ChangeListener,
): Watch {
  if (condition.kind === 'stale') return new StaleWatch(condition, start, onChange);
  return new ConditionWatch(criterionOf(condition), delays, start, onChange);
}

function criterionOf(condition: Exclude<Condition, { kind: 'stale' }>): Criterion {
  if (isKind(condition, LIMIT_KINDS)) return new LimitCriterion(condition);
  if (isKind(condition, RATE_KINDS)) return new RateCriterion(condition);
  switch (condition.kind) {
    case 'deviation':
      return new DeviationCriterion(condition);
    case 'discrete':
      return new DiscreteCriterion(condition);
    case 'discrepancy':
      return new DiscrepancyCriterion();
    case 'bad-quality':
      return new BadQualityCriterion();
    default:
      return new StatisticalCriterion(condition);
  }
}

function isKind<C extends Condition, Kind extends C['kind']>(
  condition: C,
  kinds: readonly Kind[],
): condition is Extract<C, { kind: Kind }> {
  return isOneOf(kinds, condition.kind);
}
