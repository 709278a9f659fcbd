/** What each aggregate is made of: the facts it needs, how they are gathered, and how it is concluded from them. */

import type { AggregateName } from './aggregates.ts';
import { deltaBounds, endBound, startBound, valueAtStart, worstQuality2 } from './concludeBounds.ts';
import {
  maximum,
  maximum2,
  maximumActualTime,
  maximumActualTime2,
  minimum,
  minimum2,
  minimumActualTime,
  minimumActualTime2,
  range,
  range2,
} from './concludeExtremes.ts';
import {
  durationBad,
  durationGood,
  durationInStateNonZero,
  durationInStateZero,
  percentBad,
  percentGood,
  timeAverage,
  timeAverage2,
  total,
  total2,
} from './concludeTime.ts';
import {
  annotationCount,
  average,
  count,
  delta,
  end,
  numberOfTransitions,
  standardDeviationPopulation,
  standardDeviationSample,
  start,
  variancePopulation,
  varianceSample,
  worstQuality,
} from './concludeValues.ts';
import type { Conclusion } from './conclusion.ts';
import type { FactNeeds } from './intervalFacts.ts';

export interface Recipe {
  /** Which points the time of an interval is divided by: none at all, every sample, or the usable samples alone. */
  readonly points: 'none' | 'samples' | 'usable';
  /** Between two points the value is as the tag's `stepped` says, always on a line, or always held. */
  readonly shape: 'tag' | 'line' | 'held';
  readonly needs: FactNeeds;
  /** Whether the facts follow from a summary as they would from its samples. */
  readonly takesSummaries: boolean;
  readonly conclude: Conclusion;
  /** Neither does a sample outside an interval tell anything of it, nor that there is none. */
  readonly insideOnly?: boolean;
  /** There is a result behind the last sample, too. */
  readonly goesOn?: boolean;
}

function recipe(points: Recipe['points'], conclude: Conclusion, needs: FactNeeds, rest: Partial<Recipe> = {}): Recipe {
  return { points, shape: 'tag', needs, takesSummaries: true, conclude, ...rest };
}

const HELD = { shape: 'held' } as const;
/** How often a value changes, and how long it is zero, does not follow from a summary. */
const SAMPLES_ONLY = { takesSummaries: false } as const;
const LOW: FactNeeds = { low: true, numeric: true };
const HIGH: FactNeeds = { high: true, numeric: true };
const BOTH: FactNeeds = { low: true, high: true, numeric: true };
const AREA: FactNeeds = { area: true, numeric: true };
const STATES: FactNeeds = { states: true, numeric: true };
const SQUARES: FactNeeds = { squares: true, numeric: true };
const ENDS: FactNeeds = { ends: true };
const BOUNDS: FactNeeds = { bounds: true };

export const RECIPES: Readonly<Record<AggregateName, Recipe>> = {
  Interpolative: recipe('usable', valueAtStart, BOUNDS, { goesOn: true }),
  Average: recipe('none', average, { sum: true, numeric: true }, { insideOnly: true }),
  TimeAverage: recipe('usable', timeAverage, AREA, { shape: 'line' }),
  TimeAverage2: recipe('samples', timeAverage2, AREA),
  Total: recipe('usable', total, AREA),
  Total2: recipe('samples', total2, AREA),
  Minimum: recipe('none', minimum, { ...LOW, ends: true }),
  Maximum: recipe('none', maximum, { ...HIGH, ends: true }),
  MinimumActualTime: recipe('none', minimumActualTime, LOW),
  MaximumActualTime: recipe('none', maximumActualTime, HIGH),
  Range: recipe('none', range, BOTH),
  Minimum2: recipe('samples', minimum2, { ...LOW, bounds: true }),
  Maximum2: recipe('samples', maximum2, { ...HIGH, bounds: true }),
  MinimumActualTime2: recipe('samples', minimumActualTime2, { ...LOW, bounds: true }),
  MaximumActualTime2: recipe('samples', maximumActualTime2, { ...HIGH, bounds: true }),
  Range2: recipe('samples', range2, { ...BOTH, bounds: true }),
  AnnotationCount: recipe('none', annotationCount, {}),
  Count: recipe('none', count, {}),
  DurationInStateZero: recipe('samples', durationInStateZero, STATES, { ...HELD, ...SAMPLES_ONLY }),
  DurationInStateNonZero: recipe('samples', durationInStateNonZero, STATES, { ...HELD, ...SAMPLES_ONLY }),
  NumberOfTransitions: recipe('none', numberOfTransitions, { transitions: true }, SAMPLES_ONLY),
  Start: recipe('none', start, ENDS),
  End: recipe('none', end, ENDS),
  Delta: recipe('none', delta, { ends: true, numeric: true }),
  StartBound: recipe('samples', startBound, BOUNDS),
  EndBound: recipe('samples', endBound, BOUNDS),
  DeltaBounds: recipe('samples', deltaBounds, { bounds: true, numeric: true }),
  DurationGood: recipe('samples', durationGood, {}, HELD),
  DurationBad: recipe('samples', durationBad, {}, HELD),
  PercentGood: recipe('samples', percentGood, {}, HELD),
  PercentBad: recipe('samples', percentBad, {}, HELD),
  WorstQuality: recipe('none', worstQuality, ENDS),
  WorstQuality2: recipe('samples', worstQuality2, { ends: true, bounds: true }),
  StandardDeviationSample: recipe('none', standardDeviationSample, SQUARES),
  VarianceSample: recipe('none', varianceSample, SQUARES),
  StandardDeviationPopulation: recipe('none', standardDeviationPopulation, SQUARES),
  VariancePopulation: recipe('none', variancePopulation, SQUARES),
};

/** The values at given times, from usable samples or from the nearest ones (OPC 10000-11, 6.5.5.2). */
export const AT_TIME = {
  interpolated: RECIPES.Interpolative,
  simple: recipe('samples', valueAtStart, BOUNDS),
} as const;
