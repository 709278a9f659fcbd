/** How a watch stands after its newest row: what the numbers say, before anybody makes a case of it. */

import type { Assessment, LifeLeft } from '@tidegate/health/profile/assessment.ts';
import type { HealthWatch } from '../definition/healthWatch.ts';

export interface FatigueStanding {
  readonly name: string;
  /** Miner's sum since the history begins, or since the part was changed. */
  readonly damage: number;
  readonly perDay: number;
  /** Since then (µs since 1970 UTC) so many cycles of more than `leastRange`, in the unit in which they are counted. */
  readonly since: number;
  readonly cycles: number;
  readonly leastRange: number;
  readonly life: LifeLeft | undefined;
  readonly noLife: string | undefined;
}

export interface WatchStanding {
  readonly watch: HealthWatch;
  /** Number of the model that judged; 0 where only fatigue is reckoned, which needs no model. */
  readonly model: number;
  readonly assessment: Assessment;
  /** Values of the features, in the order of the watch. */
  readonly row: Float64Array;
  readonly fatigue: readonly FatigueStanding[];
}

/** What is told is only lent: a listener copies what it keeps. */
export type StandingListener = (standing: WatchStanding) => void;
