/** The life left of one asset, by the lives of others like it. */

import type { Fault } from '@tidegate/core/fault/fault.ts';
import type { LifeLeft } from '@tidegate/health/profile/assessment.ts';
import type { AssetId } from '../../../model/assets/assetModel.ts';
import type { LifeMethod } from './fleetLifeModel.ts';
import type { LifeUnit } from './lifeUnit.ts';

/** An earlier life that looked as this one does now. */
export interface SimilarUnit {
  readonly asset: AssetId;
  readonly assetPath: string;
  readonly number: number;
  /** What that one had left then. */
  readonly leftDays: number;
  /** Root mean square between the two stretches of the health index, in days. */
  readonly distance: number;
}

export interface FleetLifeEstimate {
  readonly life: string;
  /** The life that goes on; `undefined` where none does: it failed, and nobody has said that it was put right. */
  readonly unit: LifeUnit | undefined;
  readonly asset: AssetId;
  readonly assetPath: string;
  /** End of the last cycle that it rests on (µs since 1970 UTC). */
  readonly at: number;
  readonly ageDays: number | undefined;
  /** Never above the horizon: what is at the horizon is "at least". `undefined` where there is none: `refused` says why. */
  readonly left: LifeLeft | undefined;
  readonly refused: Fault | undefined;
  readonly model: number;
  readonly method: LifeMethod;
  readonly coverage: number;
  /** Share of good data behind the last cycles, 0 to 1; NaN of ages alone. */
  readonly quality: number;
  /** What moves it, the most first: by how many days each makes life longer (above 0) or shorter. */
  readonly reasons: readonly { readonly feature: string; readonly days: number }[];
  /** The most like it first. */
  readonly similar: readonly SimilarUnit[];
  /** What a technician reads. */
  readonly sentence: string;
}

/** The health index of a life, cycle by cycle: about how many days it shows to be left; it never rises. */
export interface LifeCourse {
  readonly asset: AssetId;
  readonly assetPath: string;
  readonly number: number;
  readonly ended: LifeUnit['ended'];
  /** Ends of the cycles (µs since 1970 UTC). */
  readonly times: Float64Array;
  readonly indexDays: Float64Array;
}
