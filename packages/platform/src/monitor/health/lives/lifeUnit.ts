/** One life of one asset: from when a part was put in until it failed, was replaced, or now. */

import type { AssetId } from '../../../model/assets/assetModel.ts';
import type { LifeEnd } from '../definition/fleetLife.ts';

export interface LifeUnit {
  readonly asset: AssetId;
  readonly assetPath: string;
  /** From 1, by asset, in the order of time. */
  readonly number: number;
  /** µs since 1970 UTC; `undefined` where nobody knows. */
  readonly start: number | undefined;
  /** Both `undefined` where it goes on. */
  readonly end: number | undefined;
  readonly ended: LifeEnd | undefined;
  /** The case whose finding ended it; `undefined` where it was a record, or it goes on. */
  readonly case: number | undefined;
}
