/** What of an equipment is watched, as the numbers need it: features, how often, and how many false alarms are borne. */

import type { DetectorName } from '../detect/namedEnsemble.ts';

/** Where an equipment counts as failed, or must be taken out. */
export interface FeatureLimit {
  /** In the unit of the feature. */
  readonly at: number;
  readonly side: 'high' | 'low';
}

export interface ProfileFeature {
  readonly name: string;
  /** UCUM. */
  readonly unit: string;
  /** A shift smaller than this is none that anybody would drive out for, in the unit of the feature; 0 where none is known. */
  readonly negligible: number;
  readonly limit?: FeatureLimit | undefined;
}

export interface ProfileSpec {
  readonly features: readonly ProfileFeature[];
  /** Between two rows. */
  readonly intervalUs: number;
  /** Of the whole profile, on sound equipment: "at most one in a year". */
  readonly budget: { readonly alarms: number; readonly perUs: number };
  /** What judges rows; the usual ones where it is left out. */
  readonly detectors?: readonly DetectorName[] | undefined;
}
