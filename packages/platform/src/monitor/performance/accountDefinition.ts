/** What accounts a model asks for: of machines, after ISO 22400-2, and of energy, after ISO 50006. */

import type { SampleValue } from '@tidegate/core/sample/sample.ts';
import type { AssetId, ModelPlace } from '../../model/assets/assetModel.ts';
import type { TimeCategory } from './oee.ts';
import type { PackmlState } from './packml.ts';

/** Names of attributes are those that a formula of the asset sees. */
export interface MachineAccount {
  readonly asset: AssetId;
  /** What state the machine is in. */
  readonly state: string;
  /** What each of its values is in PackML, and what the time in it counts as. */
  readonly states: ReadonlyMap<SampleValue, PackmlState>;
  readonly categories: ReadonlyMap<SampleValue, TimeCategory>;
  /** What was made, and what of it was rejected: pieces, or an amount. */
  readonly pieces: MeasuredAttribute;
  readonly rejects: MeasuredAttribute | undefined;
  /** Seconds that a piece, or a unit of the amount, takes at best. */
  readonly idealCycleSeconds: number;
  readonly place: ModelPlace;
}

/**
 * How much of something there is in an interval, from its attribute: what a counter has counted, the mean by time, or the integral
 * of a rate (m3/h comes to m3, kW to kW.h).
 */
export const MEASURES = ['increase', 'average', 'integral'] as const;
export type Measure = (typeof MEASURES)[number];

export interface MeasuredAttribute {
  readonly attribute: string;
  readonly measure: Measure;
  /** UCUM code of the attribute; '' where it has none. */
  readonly unit: string;
}

/** The time whose use of energy is the baseline (µs): always the same, or what is just before the range that is asked for. */
export type BaselinePeriod = { readonly start: number; readonly end: number } | { readonly beforeUs: number };

export interface EnergyAccountDefinition {
  readonly name: string;
  readonly asset: AssetId;
  readonly meter: MeasuredAttribute;
  readonly drivers: readonly MeasuredAttribute[];
  readonly intervalUs: number;
  readonly baseline: BaselinePeriod;
  readonly place: ModelPlace;
}
