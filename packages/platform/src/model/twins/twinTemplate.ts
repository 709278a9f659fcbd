/** What assets of a type should be doing: the model of a twin as an engineer writes it, read and found right. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { CurveMaps } from '../../historian/query/expression/curveMap.ts';
import type { Expression } from '../../historian/query/expression/expressionNode.ts';
import type { AssetId, ModelPlace } from '../assets/assetModel.ts';

/**
 * A formula of a twin. A name in single quotes is a parameter of the template where it has one of that name, else an
 * attribute as a formula of the asset sees it: `'speed'`, `'driver/speed'`, or a path from the root. No parameter has the
 * name of an attribute of the type.
 */
export interface TwinFormula {
  /** As it was written. */
  readonly text: string;
  /** Its units are checked, and conversions between them put in: it gives values in `unit` from inputs in their own units. */
  readonly expression: Expression;
  /** UCUM code of its values, empty where there is none. */
  readonly unit: string;
  readonly place: ModelPlace;
}

/** A number of the model that is not measured: an efficiency, a coefficient of heat transfer, a clearance. */
export interface TwinParameter {
  /** Before anything is fitted; `undefined` of a coefficient of what is learned. */
  readonly value: number | undefined;
  /** UCUM code, empty where there is none. */
  readonly unit: string;
  /** Where it must lie, in `unit`; a fit does not leave this range. */
  readonly low?: number | undefined;
  readonly high?: number | undefined;
  /** Whether `tidegate twin fit` may change it. */
  readonly fitted: boolean;
  readonly description: string;
}

/** One manner of operating. */
export interface TwinMode {
  readonly name: string;
  /** The first mode whose condition is true is that of the twin. */
  readonly condition: TwinFormula;
}

/** What an attribute should be. */
export interface TwinExpected {
  readonly attribute: string;
  /** In the unit of the attribute. Of what is learned: the sum of each coefficient times its term. */
  readonly formula: TwinFormula;
  /** Of what is learned: the terms beside their coefficients, which are parameters named `<attribute>.<number>`, from 0. */
  readonly terms?: readonly { readonly coefficient: string; readonly formula: TwinFormula }[] | undefined;
  /** Nothing is expected in other modes; `undefined` where it is in all. */
  readonly modes: ReadonlySet<string> | undefined;
  /** Standard deviation of the residual of a sound asset, in the unit of the attribute; a fit says it better. */
  readonly sigma: number | undefined;
  readonly place: ModelPlace;
}

/** What has inertia: integrated by a what-if run, and named in formulas like an attribute. */
export interface TwinState {
  readonly name: string;
  /** UCUM code of the state. */
  readonly unit: string;
  /** What it begins with: a formula over attributes, in `unit`. */
  readonly initial: TwinFormula;
  /** How it changes, in `unit` per second. */
  readonly rate: TwinFormula;
}

/** When a twin is trusted less. */
export interface TrustSettings {
  /** A value that is older counts as stale, in microseconds. */
  readonly staleAfterUs: number;
  /** Residuals are judged over about so long, in microseconds. */
  readonly windowUs: number;
  /** A fit that is older is worth half as much, in microseconds. */
  readonly calibrationAgeUs: number;
}

/** A number that was fitted, in the unit of its parameter. */
export interface FittedParameter {
  readonly value: number;
  /** Standard uncertainty (GUM, JCGM 100:2008, 2.3.1); 0 of a parameter that stayed at a bound. */
  readonly uncertainty: number;
}

/** How well the model met history, in the unit of the attribute. */
export interface FittedResidual {
  /** Standard deviation of what the model left unexplained. */
  readonly sigma: number;
  /** The same over a part of history that the fit had not seen. */
  readonly heldOutSigma?: number | undefined;
  /** The share of the variance that the model explains (coefficient of determination); below 0 where a mean would do better. */
  readonly explained?: number | undefined;
  /** Moments that were compared. */
  readonly count: number;
}

/** What `tidegate twin fit` has found over a stretch of history, as `twins/<type>.fit.yaml` holds it. */
export interface TwinFit {
  /** The asset that it was found for; `undefined` where it holds for every asset of the type that has none of its own. */
  readonly asset: AssetId | undefined;
  readonly fittedAt: Timestamp;
  /** Who had it fitted. */
  readonly by: string;
  /** The stretch of history: `start <= time < end`. */
  readonly start: Timestamp;
  readonly end: Timestamp;
  /** By name, those that were fitted. */
  readonly parameters: ReadonlyMap<string, FittedParameter>;
  /** Of pairs of parameters, how their errors go together, from -1 to 1; pairs that are not here are independent. */
  readonly correlations: readonly FittedCorrelation[];
  /** By attribute. */
  readonly residuals: ReadonlyMap<string, FittedResidual>;
  /** The range of each attribute that the formulas read, in its unit: beyond it the model extrapolates. */
  readonly inputs: ReadonlyMap<string, FittedRange>;
  /** What whoever relies on the fit should know. */
  readonly warnings: readonly string[];
}

export interface FittedCorrelation {
  readonly a: string;
  readonly b: string;
  readonly value: number;
}

export interface FittedRange {
  readonly low: number;
  readonly high: number;
}

export interface TwinTemplate {
  /** The type of the assets; those of types that extend it have the same template unless theirs has one. */
  readonly type: string;
  readonly description: string;
  readonly parameters: ReadonlyMap<string, TwinParameter>;
  /** What formulas call by `map("name", x)` or `map("name", x, y)`. */
  readonly maps: CurveMaps;
  /** In the order in which they are tried. */
  readonly modes: readonly TwinMode[];
  /** By attribute. */
  readonly expected: ReadonlyMap<string, TwinExpected>;
  /** By name. */
  readonly states: ReadonlyMap<string, TwinState>;
  readonly trust: TrustSettings;
  readonly fits: readonly TwinFit[];
  readonly place: ModelPlace;
}

/** By type. */
export type TwinTemplates = ReadonlyMap<string, TwinTemplate>;

/** The fit that holds for an asset; `undefined` where nothing was fitted for it. */
export function fitOf({ fits }: TwinTemplate, asset: AssetId): TwinFit | undefined {
  return fits.find((fit) => fit.asset === asset) ?? fits.find((fit) => fit.asset === undefined);
}

/** What a parameter is for an asset: as it was fitted, else as it was written; `undefined` of what waits to be learned. */
export function parameterOf(template: TwinTemplate, asset: AssetId, name: string): number | undefined {
  return fitOf(template, asset)?.parameters.get(name)?.value ?? template.parameters.get(name)?.value;
}
