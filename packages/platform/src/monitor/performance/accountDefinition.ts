/** What accounts a model asks for: of machines, after ISO 22400-2, and of energy, after ISO 50006. */

import type { SampleValue } from '@tidegate/core/sample/sample.ts';
import type { AssetId, ModelPlace } from '../../model/assets/assetModel.ts';
import type { TimeCategory } from './oee.ts';

/** Names of attributes are those that a formula of the asset sees. */
export interface MachineAccount {
  readonly asset: AssetId;
  /** What state the machine is in. */
  readonly state: string;
  readonly categories: ReadonlyMap<SampleValue, TimeCategory>;
  /** Counters of pieces. */
  readonly pieces: string;
  readonly rejects: string | undefined;
  /** Seconds that a piece takes at best. */
  readonly idealCycleSeconds: number;
  readonly place: ModelPlace;
}

/** How a driver of energy is had from its attribute, interval by interval. */
export type DriverMeasure = 'increase' | 'average';

export interface EnergyAccountDefinition {
  readonly name: string;
  readonly asset: AssetId;
  /** A counter of energy. */
  readonly meter: string;
  readonly drivers: readonly { readonly attribute: string; readonly measure: DriverMeasure }[];
  readonly intervalUs: number;
  /** The time whose use of energy is the baseline, as time expressions. */
  readonly baseline: { readonly start: string; readonly end: string };
  readonly place: ModelPlace;
}
