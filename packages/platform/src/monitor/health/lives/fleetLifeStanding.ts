/** Where the lives of a fleet stand: what is known of them, what was learned, and what is lacking. */

import type { Fault } from '@tidegate/core/fault/fault.ts';
import type { FleetLife } from '../definition/fleetLife.ts';
import type { FleetLifeVersion } from './fleetLifeModel.ts';
import type { LifeUnit } from './lifeUnit.ts';

export interface FleetLifeStanding {
  readonly life: FleetLife;
  /** Those that ended and those that go on, by asset and number. */
  readonly units: readonly LifeUnit[];
  /** What holds now; `undefined` where nothing does: `refused` says why. */
  readonly model: FleetLifeVersion | undefined;
  /** Lives or the definition are others than those it was learned from: it is learned anew, at most once a day. */
  readonly isOutdated: boolean;
  readonly isLearning: boolean;
  /** What came of the last attempt to learn, where it was no model. */
  readonly refused: Fault | undefined;
  /** When estimates were renewed last (µs since 1970 UTC). */
  readonly renewedAt: number | undefined;
}
