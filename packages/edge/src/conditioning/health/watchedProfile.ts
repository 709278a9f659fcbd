/** A profile that judges in this gateway, and the tags that it is about, by their numbers. */

import type { LearnedProfile } from '@tidegate/health/profile/learnedProfile.ts';
import type { JudgementTags } from './judgement.ts';

export interface WatchedProfile {
  /** The path below which its tags stand. */
  readonly name: string;
  readonly profile: LearnedProfile;
  /** SHA-256 of the document that it comes from, hexadecimal. */
  readonly digest: string;
  /** In the order of the features of the profile. */
  readonly features: readonly number[];
  readonly tags: JudgementTags;
}
