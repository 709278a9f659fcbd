/** A learned model of a watch: an artefact that never changes, and where it stands. */

import type { ProfileReport } from '@tidegate/health/profile/learnedProfile.ts';
import type { OnnxOrigin } from './onnx/onnxModel.ts';

/** Scores beside the active one without a voice; has a voice; has none any more. */
export const MODEL_STATES = ['shadow', 'active', 'retired'] as const;
export type ModelState = (typeof MODEL_STATES)[number];

/** What a person reads before trusting a model. */
export interface ModelCard {
  readonly featureVersion: string;
  readonly features: readonly string[];
  /** Asked for and learned from (µs since 1970 UTC). */
  readonly start: number;
  readonly end: number;
  readonly knownAt: number;
  /** Parts of it that were not learned from, and why: a finding, doubtful data. */
  readonly excluded: readonly { readonly start: number; readonly end: number; readonly reason: string }[];
  readonly report: ProfileReport;
  /** Of a model that was learned elsewhere: the rows above are those that its threshold was set by. */
  readonly onnx?: OnnxOrigin | undefined;
  /** Rows that were left out while it was learned and then judged. */
  readonly backtest: { readonly rows: number; readonly days: number; readonly alarms: number };
}

export interface ModelVersion {
  readonly watch: string;
  /** From 1, by watch. */
  readonly number: number;
  readonly state: ModelState;
  readonly learnedAt: number;
  readonly by: string;
  readonly card: ModelCard;
}
