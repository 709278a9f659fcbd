/** What is watched of an equipment so that degradation is found: features, fatigue, and the failures that they may tell of. */

import type { DetectorName } from '@tidegate/health/detect/namedEnsemble.ts';
import type { FatigueLaw } from '@tidegate/health/fatigue/fatigueLaw.ts';
import type { FeatureLimit } from '@tidegate/health/profile/profileSpec.ts';
import {
  VIBRATION_MEASURES,
  type VibrationMeasure,
  type VibrationQuestion,
} from '@tidegate/health/signal/vibrationMeasure.ts';
import type { Expression } from '../../../historian/query/expression/expressionNode.ts';
import type { AssetId, ModelPlace } from '../../../model/assets/assetModel.ts';

/**
 * What one interval of an attribute comes to whose values hold until the next; `duration` and `starts` are of a condition: time in
 * which it held, in hours, and beginnings.
 */
export const HELD_MEASURES = [
  'average',
  'minimum',
  'maximum',
  'deviation',
  'range',
  'slope',
  'last',
  'increase',
  'duration',
  'starts',
] as const;
export type HeldMeasure = (typeof HELD_MEASURES)[number];
export const MEASURES = [...HELD_MEASURES, ...VIBRATION_MEASURES] as const;
export type Measure = (typeof MEASURES)[number];

export function isVibrationMeasure(measure: Measure): measure is VibrationMeasure {
  return (VIBRATION_MEASURES as readonly Measure[]).includes(measure);
}

/** What is asked of each even stretch of a signal that stands in samples close together. */
export interface VibrationDefinition extends VibrationQuestion {
  /** The speed of the shaft in Hz, where the measure needs one. */
  readonly shaft?: Expression;
}

export interface FeatureDefinition {
  readonly name: string;
  /** Over attributes of the asset, in such a unit that the measure is in that of the feature. */
  readonly of: Expression;
  /** As it is written in the model. */
  readonly text: string;
  readonly measure: Measure;
  /** Of a measure of vibration, and of no other. */
  readonly vibration?: VibrationDefinition;
  /** UCUM, empty where it has none. */
  readonly unit: string;
  readonly negligible: number;
  readonly limit: FeatureLimit | undefined;
  readonly description: string;
}

/** Damage that cycles of a load or a temperature do. */
export interface FatigueDefinition {
  readonly name: string;
  /** The attribute whose cycles are counted, and the unit in which they are. */
  readonly attribute: string;
  readonly of: Expression;
  readonly unit: string;
  readonly law: FatigueLaw;
  /** What wears, in words: "the solder joint of the output terminal". */
  readonly part: string;
  /** By what, in words: "thermal cycling". */
  readonly cause: string;
}

export const SEVERITIES = ['minor', 'major', 'severe'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** A failure that is known to befall such equipment, and how it shows. */
export interface FailureMode {
  readonly name: string;
  /** Which features go which way when it grows: all of them do. */
  readonly signs: readonly { readonly feature: string; readonly goes: 'up' | 'down' }[];
  /** The fatigue that drives it, where one does. */
  readonly fatigue: string | undefined;
  /** Half a sentence: "the solder joint at the output terminal cracks". */
  readonly says: string;
  readonly severity: Severity;
  readonly consequence: string;
  readonly action: string;
  readonly bring: readonly string[];
  readonly isolations: readonly string[];
}

/** How to get to an asset and to all below it. */
export interface SitePlace {
  readonly where: string;
  readonly access: string;
  readonly isolations: readonly string[];
}

/** One watch of one asset. */
export interface HealthWatch {
  /** `<asset id>/<name>`. */
  readonly id: string;
  readonly name: string;
  readonly asset: AssetId;
  readonly assetPath: string;
  /** Where the asset stood in earlier versions of the model. */
  readonly formerPaths: readonly string[];
  readonly description: string;
  readonly intervalUs: number;
  /** Only the time in which this holds counts; all of it where it is `undefined`. */
  readonly condition: Expression | undefined;
  /** When that is, in words; `undefined` where nobody said. */
  readonly conditionSays: string | undefined;
  readonly features: readonly FeatureDefinition[];
  readonly fatigue: readonly FatigueDefinition[];
  readonly failures: readonly FailureMode[];
  /** A model is learned from so much of normal operation (µs). */
  readonly learnUs: number;
  readonly budget: { readonly alarms: number; readonly perUs: number };
  /** What judges rows; the usual ones where it is `undefined`. */
  readonly detectors?: readonly DetectorName[] | undefined;
  /** A case says how to get there; `undefined` where no place of the model holds the asset. */
  readonly site: SitePlace | undefined;
  /** Changes with everything that makes the numbers others: models learned with another do not fit any more. */
  readonly featureVersion: string;
  readonly place: ModelPlace;
}
