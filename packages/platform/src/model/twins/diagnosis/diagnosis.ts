/** What is behind the residuals of a twin, as far as they tell. */

import type { ResidualSummary } from './residualBins.ts';
import type { Suspect } from './suspect.ts';

export interface Diagnosis {
  /**
   * - `sound`: the residuals are what they were when the model was fitted.
   * - `sensor`, `machine`: one cause explains them, and no other does as well.
   * - `ambiguous`: several causes explain them equally well.
   * - `unexplained`: they have changed, and no single cause explains it.
   */
  readonly verdict: 'sound' | 'sensor' | 'machine' | 'ambiguous' | 'unexplained';
  /** The best first; of `unexplained` what comes nearest. */
  readonly causes: readonly DiagnosedCause[];
  /** The verdict in plain words. */
  readonly text: string;
  readonly residuals: readonly ResidualSummary[];
}

export interface DiagnosedCause {
  readonly kind: Suspect['kind'];
  readonly parts: readonly CausePart[];
  readonly onset: 'step' | 'drift';
  /** When it began, and the bounds of that with 95 % confidence, in microseconds since 1970 UTC. */
  readonly since: number;
  readonly earliest: number;
  readonly latest: number;
  /** Whether it may have begun before the stretch of history that was looked at. */
  readonly beganBefore: boolean;
  /** The share of what is unusual in the residuals that it explains, up to 1. */
  readonly explained: number;
}

export interface CausePart {
  readonly name: string;
  /** UCUM code of the size: that of the attribute or parameter. */
  readonly unit: string;
  /** How much too high the instrument reads, or how much larger the parameter is than fitted, at the end of the time. */
  readonly size: number;
  /** Standard uncertainty of the size. */
  readonly uncertainty: number;
  /** What the parameter was fitted to; `undefined` of an instrument. */
  readonly reference: number | undefined;
}
