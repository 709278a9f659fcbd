/** All that was learned of one equipment: what its streams and its document are made of. */

import type { OperatingModes } from '../detect/operatingModes.ts';
import type { TailFit } from '../threshold/tailFit.ts';
import type { FeatureNormal } from './featureNormal.ts';
import type { ProfileReport } from './learnedProfile.ts';
import type { LevelClock } from './levelClock.ts';
import type { ProfileSpec } from './profileSpec.ts';
import type { RowNormal } from './rowNormal.ts';
import type { RowSeasons } from './rowSeasons.ts';

export interface LearnedParts {
  readonly spec: ProfileSpec;
  readonly report: ProfileReport;
  /** Features that were learned, by their place in the spec; the detector and the normals are in this order. */
  readonly kept: readonly number[];
  /** In this order as well; taken out before a row is judged. */
  readonly seasons: RowSeasons;
  readonly detector: OperatingModes;
  /** By mode, then feature. */
  readonly rowNormals: readonly (readonly RowNormal[])[];
  /** How normal scores of a model from elsewhere are spread, which take the place of the detector's; `undefined` where there are none. */
  readonly outside?: TailFit | undefined;
  /** The middle of the highest scores, by the rows that make an alarm, of each period. */
  readonly usualPeak: number;
  readonly clock: LevelClock;
  /** `undefined` where there were too few levels. */
  readonly normals: readonly (FeatureNormal | undefined)[];
}
