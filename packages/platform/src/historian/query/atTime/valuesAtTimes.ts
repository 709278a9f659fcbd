/** The values of a tag at given times: ReadAtTime of OPC 10000-11, 6.5.5. */

import { AggregateCalculator } from '../aggregate/aggregateCalculator.ts';
import type { AggregateOptions } from '../aggregate/aggregateOptions.ts';
import { IntervalPlan } from '../aggregate/intervalPlan.ts';
import { AT_TIME } from '../aggregate/recipes.ts';

/**
 * Takes the samples that its `needed` names and gives one value for each of `times`, which ascend, in whole microseconds.
 *
 * A sample at the very time is given as it was stored. Otherwise the value is interpolated, with the flag that says so: from
 * the usable samples on both sides as by the aggregate Interpolative, or, with `bounds` `simple` (useSimpleBounds), from the
 * nearest samples whatever they are, so that nothing is estimated across bad data or behind the last sample.
 */
export function valuesAtTimes(
  times: Float64Array,
  options: AggregateOptions,
  bounds: 'interpolated' | 'simple' = 'interpolated',
): AggregateCalculator {
  return new AggregateCalculator(AT_TIME[bounds], IntervalPlan.ofTimes(times), options);
}
