/** What a fit found, with all that an engineer asks before believing it. */

import type { TwinFit } from '../twinTemplate.ts';

export interface FitReport {
  /** What goes into the file of fits. */
  readonly fit: TwinFit;
  readonly parameters: readonly ReportedParameter[];
  readonly residuals: readonly ReportedResidual[];
  /** Of the intervals of the parameters, such as 0.95. */
  readonly confidence: number;
}

export interface ReportedParameter {
  readonly name: string;
  /** UCUM code, empty where there is none. */
  readonly unit: string;
  /** What it was for the asset until now; `undefined` where it had no value. */
  readonly before: number | undefined;
  readonly value: number;
  readonly uncertainty: number;
  /** The interval in which it lies with the confidence of the report. */
  readonly low: number;
  readonly high: number;
  /** Whether the data would move it beyond the range of the template. */
  readonly atBound: boolean;
}

export interface ReportedResidual {
  readonly attribute: string;
  /** UCUM code of the attribute, empty where there is none. */
  readonly unit: string;
  /** Standard deviation in `unit`; with the parameters of before, and on a part of history that the fit had not seen. */
  readonly sigma: number;
  readonly sigmaBefore: number | undefined;
  readonly heldOutSigma: number | undefined;
  /** The share of the variance that the model explains; `undefined` where the attribute does not vary. */
  readonly explained: number | undefined;
  /** Moments compared, and those left out: another mode, or not good. */
  readonly count: number;
  readonly otherMode: number;
  readonly notGood: number;
  /** How much one residual says about the next, from -1 to 1. */
  readonly persistence: number;
}
