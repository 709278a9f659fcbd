/** Which samples around its range an aggregate must see besides those inside. */

import type { AggregateOptions } from './aggregateOptions.ts';
import type { IntervalPlan } from './intervalPlan.ts';
import type { Recipe } from './recipes.ts';

/**
 * To be pushed before and after the samples with `earliest <= time <= latest`, nothing left out between them and the range,
 * as far as the archive has them:
 * - before: from the `usableBefore`-th last usable sample before `earliest` on; where that is 0, the last sample before
 *   `earliest`, whatever it is;
 * - after: to the first usable sample behind `latest`; where `usableAfter` is 0, the first sample behind it, whatever it is.
 *
 * A sample is usable if `qualityOf` does not call it bad. Where there are fewer usable ones, those that there are will do, and
 * where there is none, one sample of any kind: it tells that the data do not begin or end inside. Where that is missing,
 * too, they do, and the results say so; whoever pushes less than is needed gets such results by mistake.
 */
export interface NeededSamples {
  readonly earliest: number;
  readonly latest: number;
  readonly usableBefore: 0 | 1 | 2;
  readonly usableAfter: 0 | 1;
  /** Whether nothing at all is needed besides the samples of the range. */
  readonly insideOnly?: boolean;
}

export function neededSamples(recipe: Recipe, plan: IntervalPlan, options: AggregateOptions): NeededSamples {
  const { earliest, latest } = plan;
  if (recipe.insideOnly) return { earliest, latest, usableBefore: 0, usableAfter: 0, insideOnly: true };
  if (recipe.points !== 'usable') {
    return { earliest, latest, usableBefore: recipe.needs.transitions ? 1 : 0, usableAfter: 0 };
  }
  // The line through the last two usable samples goes on behind them where nothing usable follows.
  const looksBackTwice = options.useSlopedExtrapolation && (recipe.shape === 'line' || !options.stepped);
  return { earliest, latest, usableBefore: looksBackTwice ? 2 : 1, usableAfter: 1 };
}
