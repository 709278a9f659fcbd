/** The lives of a fleet: like equipment that fails alike, so that what earlier ones lived through tells the life left of each. */

import type { AssetId, ModelPlace } from '../../../model/assets/assetModel.ts';

/** How a life ended: it failed, or it was taken out before it did. */
export const LIFE_ENDS = ['failure', 'replaced'] as const;
export type LifeEnd = (typeof LIFE_ENDS)[number];

/** A life that somebody wrote down (µs since 1970 UTC). */
export interface LifeRecord {
  readonly asset: AssetId;
  /** `undefined` where nobody knows when it began. */
  readonly from: number | undefined;
  /** Both `undefined` where it goes on. */
  readonly to: number | undefined;
  readonly ended: LifeEnd | undefined;
}

/** One asset of the fleet. */
export interface FleetMember {
  readonly asset: AssetId;
  readonly assetPath: string;
  /** The watch of this asset whose rows tell of its wear. */
  readonly watch: string;
}

export interface FleetLife {
  /** Of all lives of the model there is one with this name. */
  readonly name: string;
  readonly type: string;
  readonly description: string;
  /** By path of the asset. */
  readonly members: readonly FleetMember[];
  /** The failure of the watch that ends a life. */
  readonly failure: string;
  readonly cycleUs: number;
  /** Life left is told up to this. */
  readonly horizonUs: number;
  /** Features of the watch that wear shows in, and those that say what was asked of the equipment. */
  readonly signals: readonly string[];
  readonly settings: readonly string[];
  readonly records: readonly LifeRecord[];
  /** Changes with everything that makes the numbers others, but for the lives themselves. */
  readonly version: string;
  readonly place: ModelPlace;
}
